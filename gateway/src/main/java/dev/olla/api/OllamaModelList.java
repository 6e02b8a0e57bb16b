package dev.olla.api;

import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The models of the Ollamas as one Ollama would list them: `/api/tags`.
///
/// Every entry is what the server itself sent, so that fields of newer releases pass too.
public final class OllamaModelList {

    private final FromModels<ProviderList> list;

    public OllamaModelList(Fleet fleet, ModelScope scope) {
        list = new FromModels<>(
                fleet, snapshot -> ProviderList.of("{\"models\":[", scope.models(snapshot), OllamaModelList::entry));
    }

    public void handle(Exchange exchange) {
        list.get().answer(exchange);
    }

    static JsonNode entry(ModelSource source) {
        String raw = source.model().raw();
        return raw == null ? composed(source) : Json.verbatim(raw);
    }

    /// For a server that was asked for its list in another format.
    private static ObjectNode composed(ModelSource source) {
        ObjectNode entry = Json.object();
        String digest = source.model().digest();
        String family = source.model().details().family();
        String size = source.model().details().parameterSize();
        String quantization = source.model().details().quantization();
        entry.put("name", source.model().name())
                .put("model", source.model().name())
                .put("modified_at", HumanFormat.timestamp(source.created()))
                .put("size", source.model().size())
                .put("digest", digest == null ? "" : digest)
                .putObject("details")
                .put("parent_model", "")
                .put(
                        "format",
                        Objects.requireNonNullElse(source.model().details().format(), ""))
                .put("family", family == null ? "" : family)
                .put("parameter_size", size == null ? "" : size)
                .put("quantization_level", quantization == null ? "" : quantization);
        return entry;
    }
}
