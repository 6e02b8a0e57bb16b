package dev.olla.api;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.http.Exchange;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Every model of the fleet, in the format asked for: `/olla/models`.
public final class UnifiedModelList {

    private final UnifiedModels models;

    public UnifiedModelList(UnifiedModels models) {
        this.models = models;
    }

    public void handle(Exchange exchange) {
        Query query = new Query(exchange);
        String word = query.value("format");
        CatalogueFormat format = word == null ? CatalogueFormat.UNIFIED : CatalogueFormat.named(word);
        if (format == null) {
            refuse(
                    exchange,
                    "invalid query parameter format=" + word + ": unsupported format. Supported formats: "
                            + CatalogueFormat.words());
            return;
        }
        String loaded = query.value("available");
        if (loaded != null && !loaded.equals("true") && !loaded.equals("false")) {
            refuse(exchange, "invalid value for 'available' parameter. Use 'true' or 'false'");
            return;
        }
        List<UnifiedModel> asked = models.listed(query.is("include_unavailable", "true")).stream()
                .filter(filter(query))
                .toList();
        byte[] list = format.render(asked);
        if (list == null) {
            ErrorAnswer.respond(exchange, 503, "list_too_long", JsonList.tooLong());
            return;
        }
        Json.respondWritten(exchange, list);
    }

    private static void refuse(Exchange exchange, String message) {
        ErrorAnswer.respond(exchange, 400, "unsupported_parameter", message);
    }

    private static Predicate<UnifiedModel> filter(Query query) {
        String endpoint = query.value("endpoint");
        String family = query.value("family");
        String type = type(query);
        String loaded = query.value("available");
        return model -> (endpoint == null || isOn(model, endpoint))
                && (family == null || isOfFamily(model, family))
                && (type == null || isOfType(model, type))
                && (loaded == null || isLoaded(model) == loaded.equals("true"));
    }

    private static boolean isOn(UnifiedModel model, String endpoint) {
        return model.sources().stream()
                .anyMatch(source -> source.endpoint().name().equals(endpoint));
    }

    private static boolean isLoaded(UnifiedModel model) {
        return model.sources().stream().anyMatch(source -> source.stateWord().equals(ModelSource.LOADED));
    }

    /// By our name for it, or by the server's own.
    private static boolean isOfFamily(UnifiedModel model, String family) {
        return model.family().equals(family)
                || model.sources().stream()
                        .anyMatch(
                                source -> family.equals(source.model().details().family()));
    }

    /// What the server calls it counts beside what we take it for.
    private static boolean isOfType(UnifiedModel model, String type) {
        return model.kind().equals(type)
                || (type.equals(ModelTraits.VLM) && model.capabilities().contains("vision"))
                || (type.equals(ModelTraits.LLM) && !model.kind().equals(ModelTraits.EMBEDDINGS))
                || model.sources().stream()
                        .anyMatch(source -> type.equals(source.model().details().type()));
    }

    /// The type asked for, where an older parameter wins; null where none is.
    private static @Nullable String type(Query query) {
        String capability = query.value("capability");
        return switch (capability == null ? "" : capability) {
            case "vision", "multimodal" -> ModelTraits.VLM;
            case "embedding", "embeddings", "vector_search" -> ModelTraits.EMBEDDINGS;
            case "chat", "text_generation", "completion" -> ModelTraits.LLM;
            default -> query.value("type");
        };
    }
}
