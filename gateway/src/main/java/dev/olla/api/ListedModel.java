package dev.olla.api;

import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.Endpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// A name that one or more endpoints list, with what they tell of it.
///
/// @param type null where no endpoint tells; so are the other texts
/// @param size in bytes; 0 where no endpoint tells
/// @param lastSeen when an endpoint listed it last; null where unknown
/// @param endpoints sorted by name
record ListedModel(
        String name,
        @Nullable String type,
        @Nullable String family,
        long size,
        @Nullable String parameters,
        @Nullable String quantization,
        long contextLength,
        @Nullable Instant lastSeen,
        List<Endpoint> endpoints) {

    private static final long LONG_CONTEXT = 100_000;

    /// @param sources where the name was listed; at least one
    static ListedModel of(String name, List<ModelSource> sources) {
        List<ModelSource> byUrl = sources.stream()
                .sorted(Comparator.comparing(
                        source -> source.endpoint().settings().url().toString()))
                .toList();
        Function<Function<DiscoveredModel.Details, @Nullable String>, @Nullable String> detail = part -> byUrl.stream()
                .map(source -> part.apply(source.model().details()))
                .filter(text -> text != null && !text.isEmpty())
                .findFirst()
                .orElse(null);
        String told = detail.apply(details -> details.family());
        String family = ModelTraits.family(byUrl.getFirst(), name, told).name();
        return new ListedModel(
                name,
                detail.apply(details -> details.type()),
                family.isEmpty() ? null : family,
                firstPositive(byUrl, DiscoveredModel::size),
                detail.apply(details -> details.parameterSize()),
                detail.apply(details -> details.quantization()),
                firstPositive(byUrl, model -> model.details().contextLength()),
                byUrl.stream()
                        .map(source -> source.state().modelsUpdated())
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                byUrl.stream()
                        .map(ModelSource::endpoint)
                        .distinct()
                        .sorted(Comparator.comparing(Endpoint::name).thenComparing(Endpoint::id))
                        .toList());
    }

    private static long firstPositive(List<ModelSource> sources, ToLongFunction<DiscoveredModel> part) {
        return sources.stream()
                .mapToLong(source -> part.applyAsLong(source.model()))
                .filter(value -> value > 0)
                .findFirst()
                .orElse(0);
    }

    List<String> endpointNames() {
        return endpoints.stream().map(Endpoint::name).toList();
    }

    List<String> endpointIds() {
        return endpoints.stream().map(Endpoint::id).toList();
    }

    /// Null where nothing is known.
    @Nullable
    List<String> capabilities() {
        List<String> known = new ArrayList<>();
        switch (type == null ? "" : type.toLowerCase(Locale.ROOT)) {
            case "vlm" -> known.addAll(List.of("vision", "multimodal"));
            case "embedding", "embeddings" -> known.addAll(List.of("embeddings", "vector_search"));
            case "llm" -> known.addAll(List.of("text_generation", "chat"));
            default -> {}
        }
        if (contextLength > LONG_CONTEXT) {
            known.add("long_context");
        }
        String precision = quantization == null ? "" : quantization.toLowerCase(Locale.ROOT);
        if (precision.contains("fp16") || precision.contains("bf16")) {
            known.add("high_precision");
        }
        return known.isEmpty() ? null : known;
    }
}
