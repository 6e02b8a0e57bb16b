package dev.olla.api;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.http.Exchange;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One model by id or alias, down or not: `/olla/models/{id}`; an id may hold slashes.
public final class UnifiedModelPage {

    private static final String PREFIX = "/olla/models/";

    private final UnifiedModels models;
    private final InstantSource clock;

    public UnifiedModelPage(UnifiedModels models, InstantSource clock) {
        this.models = models;
        this.clock = clock;
    }

    public void handle(Exchange exchange) {
        String path = exchange.path();
        String asked = path.length() <= PREFIX.length() ? "" : Query.decodedPath(path.substring(PREFIX.length()));
        if (asked != null && asked.isBlank()) {
            ErrorAnswer.respond(exchange, 400, "invalid_request", "Model ID or alias required");
            return;
        }
        UnifiedModel model = asked == null ? null : models.all().find(asked);
        if (model == null && asked != null) {
            model = models.findAlias(asked);
        }
        if (model == null) {
            ErrorAnswer.respond(exchange, 404, "model_not_found", "Model not found");
            return;
        }
        Json.respond(exchange, page(model));
    }

    private Page page(UnifiedModel model) {
        Instant seen = model.sources().stream()
                .map(source -> source.state().modelsUpdated())
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
        String format = model.detail(details -> details.format());
        return new Page(
                model.id(),
                model.family(),
                model.variant(),
                model.parameterSize(),
                model.parameterCount(),
                model.quantization(),
                format == null ? "" : format,
                HumanFormat.bytes(model.diskSize()),
                HumanFormat.ago(seen, clock.instant()),
                model.aliases(),
                endpoints(model, false),
                endpoints(model, true),
                model.capabilities(),
                model.maxContextLength());
    }

    private static List<String> endpoints(UnifiedModel model, boolean onlyLoaded) {
        return model.sources().stream()
                .filter(source -> !onlyLoaded || source.stateWord().equals(ModelSource.LOADED))
                .map(source -> source.endpoint().name())
                .distinct()
                .toList();
    }

    record Page(
            String id,
            String family,
            String variant,
            String parameterSize,
            long parameterCount,
            String quantization,
            String format,
            String totalDiskSize,
            String lastSeen,
            List<String> aliases,
            List<String> endpoints,
            List<String> loadedEndpoints,
            List<String> capabilities,
            @Nullable Long maxContextLength) {}
}
