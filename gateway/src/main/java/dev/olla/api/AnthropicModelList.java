package dev.olla.api;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The models of the fleet as Anthropic's API lists them, sorted by id: all of them, or a page where one is asked
/// for.
public final class AnthropicModelList {

    /// Of one page, as at Anthropic.
    private static final int MAX_LIMIT = 1000;

    private final Fleet fleet;
    private final ModelScope scope;
    private final String created;
    private final FromModels<Names> names;

    /// What is listed, and the list of all of it.
    ///
    /// @param ids sorted
    private record Names(List<String> ids, ProviderList all) {}

    /// A part of the list.
    ///
    /// @param more whether there is more in the direction that was asked for
    private record Page(List<String> ids, boolean more) {}

    /// @param startedAt when the gateway did: stands for the birth of every model
    public AnthropicModelList(Fleet fleet, ModelScope scope, Instant startedAt) {
        this.fleet = fleet;
        this.scope = scope;
        this.created = startedAt.truncatedTo(ChronoUnit.SECONDS).toString();
        this.names = new FromModels<>(fleet, snapshot -> {
            List<String> ids = scope.models(snapshot).stream()
                    .map(source -> source.model().name())
                    .sorted()
                    .toList();
            return new Names(ids, rendered(new Page(ids, false)));
        });
    }

    public void handle(Exchange exchange) {
        Query query = new Query(exchange);
        String limit = query.value("limit");
        String before = query.value("before_id");
        String after = query.value("after_id");
        if (limit == null && before == null && after == null) {
            names.get().all().answer(exchange);
            return;
        }
        int most = limit == null ? Integer.MAX_VALUE : limit(limit);
        if (most < 1) {
            refuse(exchange, "limit must be a whole number from 1 to " + MAX_LIMIT);
        } else if (before != null && after != null) {
            refuse(exchange, "before_id and after_id can't be used together");
        } else {
            rendered(page(names.get().ids(), most, before, after)).answer(exchange);
        }
    }

    private static void refuse(Exchange exchange, String message) {
        ErrorAnswer.respond(exchange, 400, "invalid_request", message);
    }

    /// 0 where it is none.
    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            return limit > MAX_LIMIT ? 0 : limit;
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /// The place of an id counts, not the id: one that has left the list since still stands for it.
    private static Page page(List<String> ids, int most, @Nullable String before, @Nullable String after) {
        if (before != null) {
            int end = place(ids, before, false);
            int start = Math.max(0, end - most);
            return new Page(ids.subList(start, end), start > 0);
        }
        int start = after == null ? 0 : place(ids, after, true);
        int end = (int) Math.min(ids.size(), (long) start + most);
        return new Page(ids.subList(start, end), end < ids.size());
    }

    private static int place(List<String> ids, String id, boolean behind) {
        int found = Collections.binarySearch(ids, id);
        if (found < 0) {
            return -found - 1;
        }
        return behind ? found + 1 : found;
    }

    private ProviderList rendered(Page page) {
        ObjectNode frame = Json.object().put("has_more", page.more());
        frame.put("first_id", page.ids().isEmpty() ? null : page.ids().getFirst());
        frame.put("last_id", page.ids().isEmpty() ? null : page.ids().getLast());
        String end = "]," + Json.MAPPER.writeValueAsString(frame).substring(1);
        return new ProviderList(JsonList.write("{\"data\":[", page.ids(), this::entry, end));
    }

    private ObjectNode entry(String id) {
        return Json.object()
                .put("type", "model")
                .put("id", id)
                .put("display_name", id)
                .put("created_at", created);
    }

    /// One model by the name that follows the path: as it is listed, else as a request for it would find it.
    ///
    /// @param path with the slash before the name
    public Consumer<Exchange> one(String path) {
        Consumer<Exchange> found = ProviderModelPage.of(
                fleet, scope, path, source -> entry(source.model().name()))::handle;
        return exchange -> {
            String id = Query.decodedPath(exchange.path().substring(path.length()));
            if (id != null && Collections.binarySearch(names.get().ids(), id) >= 0) {
                Json.respond(exchange, entry(id));
            } else {
                found.accept(exchange);
            }
        };
    }
}
