package dev.olla.api;

import dev.olla.fleet.DiscoveredModel.Details;
import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The models of the LM Studios as one of them would list them: `/api/v0/models`.
///
/// Every entry is what the server itself sent; what clients rely on is added where it is missing.
public final class LmStudioModelList {

    private final FromModels<ProviderList> list;

    public LmStudioModelList(Fleet fleet, ModelScope scope) {
        list = FromModels.withLoaded(
                fleet,
                snapshot -> ProviderList.of(
                        "{\"object\":\"list\",\"data\":[", scope.models(snapshot), LmStudioModelList::entry));
    }

    public void handle(Exchange exchange) {
        list.get().answer(exchange);
    }

    static ObjectNode entry(ModelSource source) {
        String raw = source.model().raw();
        ObjectNode entry = raw == null ? Json.object() : (ObjectNode) Json.MAPPER.readTree(raw);
        Details details = source.model().details();
        putIfAbsent(entry, "id", source.model().name());
        putIfAbsent(entry, "object", "model");
        ModelTraits traits = ModelTraits.of(source);
        putIfAbsent(entry, "type", traits.kind());
        if (source.changes() || !entry.has("state")) {
            entry.put("state", source.stateWord());
        }
        putIfAbsent(entry, "publisher", traits.publisher());
        putIfAbsent(entry, "arch", details.family());
        putIfAbsent(entry, "quantization", details.quantization());
        if (source.contextLength() > 0 && !entry.has("max_context_length")) {
            entry.put("max_context_length", source.contextLength());
        }
        return entry;
    }

    private static void putIfAbsent(ObjectNode entry, String field, @Nullable String text) {
        if (text != null && !text.isEmpty() && !entry.has(field)) {
            entry.put(field, text);
        }
    }
}
