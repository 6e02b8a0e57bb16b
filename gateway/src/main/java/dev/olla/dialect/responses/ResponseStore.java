package dev.olla.dialect.responses;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Json;
import dev.olla.dialect.JsonFields;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Responses kept for a while, for requests that go on from them. Safe for all threads.
///
/// The oldest goes first, since it is the newest of a conversation that the next request names, and it holds all
/// that was said before it. A cache that admits by use would turn away just those, and none bounds both entries
/// and bytes.
public final class ResponseStore {

    /// How much is kept.
    ///
    /// @param maxEntries 0 keeps nothing
    /// @param maxBytes of their JSON texts
    /// @param age after which one is forgotten
    public record Limits(int maxEntries, long maxBytes, Duration age) {}

    /// What became of a look-up.
    public sealed interface Found {

        /// @param response as the client got it
        record Here(ObjectNode response) implements Found {}

        /// It was passed through: its server has it.
        ///
        /// @param endpoint the server's name
        record Elsewhere(String endpoint) implements Found {}

        /// Nobody knows it, or nobody does any more: a 404.
        record Unknown(String id) implements Found {}
    }

    /// A request with what it refers to in its place.
    public sealed interface Expanded {

        /// @param request with all that was said before in `input`, and without `previous_response_id`
        record Whole(JsonNode request) implements Expanded {}

        /// It goes on from a response that a server has: the request belongs there as it is.
        record Elsewhere(String endpoint) implements Expanded {}

        /// It goes on from a response that nobody knows: a 404.
        record Unknown(String id) implements Expanded {}
    }

    private static final String PREVIOUS = "previous_response_id";

    private volatile Limits limits;
    private final InstantSource clock;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long bytes;

    public ResponseStore(Limits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /// Goes by other limits from now on.
    public void use(Limits next) {
        limits = next;
    }

    /// Keeps an answer, unless it alone is more than may be kept.
    ///
    /// @param request that it answers, with all that was said before in its place
    public void keep(ObjectNode response, JsonNode request) {
        List<JsonNode> items = new ArrayList<>();
        addInput(request.path("input"), items);
        response.path("output").forEach(items::add);
        long size = Json.bytes(response).length;
        for (JsonNode item : items) {
            size += Json.bytes(item).length;
        }
        put(response.path("id").asString(""), new Entry(response, List.copyOf(items), null, size, clock.millis()));
    }

    /// Remembers which server has a response that was passed through.
    public void keepElsewhere(String id, String endpoint) {
        put(id, new Entry(Json.object(), List.of(), endpoint, id.length() + (long) endpoint.length(), clock.millis()));
    }

    private synchronized void put(String id, Entry entry) {
        if (id.isEmpty() || entry.size > limits.maxBytes || limits.maxEntries <= 0) {
            return;
        }
        remove(id);
        entries.put(id, entry);
        bytes += entry.size;
        forgetOld();
        Iterator<Entry> oldest = entries.values().iterator();
        while (bytes > limits.maxBytes || entries.size() > limits.maxEntries) {
            bytes -= oldest.next().size;
            oldest.remove();
        }
    }

    private void forgetOld() {
        long dead = clock.millis() - limits.age.toMillis();
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry entry = oldest.next();
            if (entry.since > dead) {
                return;
            }
            bytes -= entry.size;
            oldest.remove();
        }
    }

    private synchronized @Nullable Entry entry(String id) {
        forgetOld();
        return entries.get(id);
    }

    public Found find(String id) {
        Entry entry = entry(id);
        if (entry == null) {
            return new Found.Unknown(id);
        }
        return entry.endpoint == null ? new Found.Here(entry.response) : new Found.Elsewhere(entry.endpoint);
    }

    /// Forgets a response.
    ///
    /// @return whether there was one
    public synchronized boolean remove(String id) {
        forgetOld();
        Entry entry = entries.remove(id);
        if (entry == null) {
            return false;
        }
        bytes -= entry.size;
        return true;
    }

    /// How many are kept.
    public synchronized int size() {
        forgetOld();
        return entries.size();
    }

    /// How much they are, in bytes of their JSON texts.
    public synchronized long bytes() {
        forgetOld();
        return bytes;
    }

    /// Puts what a request refers to in its place: the conversation so far, and single items of it.
    ///
    /// @throws BadRequest where it isn't even an object
    public Expanded expand(JsonNode request) throws BadRequest {
        JsonFields fields = JsonFields.of(request, "");
        String id = fields.text(PREVIOUS);
        Entry previous = id == null ? null : entry(id);
        if (id != null && previous == null) {
            return new Expanded.Unknown(id);
        }
        if (previous != null && previous.endpoint != null) {
            return new Expanded.Elsewhere(previous.endpoint);
        }
        JsonNode input = request.path("input");
        if (previous == null && !refersToItems(input)) {
            return new Expanded.Whole(request);
        }
        List<JsonNode> items = new ArrayList<>(previous == null ? List.of() : previous.items);
        if (input.isArray()) {
            addResolved(input, items);
        } else {
            addInput(input, items);
        }
        ObjectNode whole = Json.object();
        request.properties().forEach(field -> whole.set(field.getKey(), field.getValue()));
        ArrayNode all = whole.putArray("input");
        items.forEach(all::add);
        whole.remove(PREVIOUS);
        return new Expanded.Whole(whole);
    }

    private static void addInput(JsonNode input, List<JsonNode> items) {
        if (input.isString()) {
            items.add(Json.object().put("type", "message").put("role", "user").set("content", input));
        } else {
            input.forEach(items::add);
        }
    }

    private static boolean refersToItems(JsonNode input) {
        for (JsonNode item : input) {
            if (isReference(item)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isReference(JsonNode item) {
        boolean untyped =
                !item.has("type") && !item.has("role") && item.path("id").isString();
        return untyped || item.path("type").asString("").equals("item_reference");
    }

    /// An item that isn't kept stays a reference, which the reader refuses by its place.
    private void addResolved(JsonNode input, List<JsonNode> items) {
        Map<String, JsonNode> kept = keptItems();
        for (JsonNode item : input) {
            JsonNode found = isReference(item) ? kept.get(item.path("id").asString("")) : null;
            items.add(found == null ? item : found);
        }
    }

    private synchronized Map<String, JsonNode> keptItems() {
        Map<String, JsonNode> kept = new HashMap<>();
        for (Entry entry : entries.values()) {
            for (JsonNode item : entry.items) {
                if (item.path("id").isString()) {
                    kept.put(item.path("id").stringValue(), item);
                }
            }
        }
        return kept;
    }

    /// @param endpoint the server that has it; null where it is here
    /// @param since in milliseconds since 1970
    private record Entry(
            ObjectNode response,
            List<JsonNode> items,
            @Nullable String endpoint,
            long size,
            long since) {}
}
