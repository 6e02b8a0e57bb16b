package dev.olla.api;

import dev.olla.fleet.DiscoveredModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// One model as the whole fleet holds it, whatever its servers call it.
///
/// @param id what clients ask for
/// @param aliases every name that some server uses; the id first where it is one of them
/// @param sources at least one; preferred ones first
/// @param sourceTraits what is derived from each source, in their order
record UnifiedModel(String id, List<String> aliases, List<ModelSource> sources, List<ModelTraits> sourceTraits) {

    UnifiedModel(String id, List<String> aliases, List<ModelSource> sources) {
        this(id, aliases, sources, traits(sources));
    }

    /// Servers with the same model mostly share one record of it.
    // A shared record is the same object; comparing others would cost what this saves.
    @SuppressWarnings("ReferenceEquality")
    private static List<ModelTraits> traits(List<ModelSource> sources) {
        List<ModelTraits> traits = new ArrayList<>(sources.size());
        for (int i = 0; i < sources.size(); i++) {
            boolean shared = i > 0 && isLike(sources.get(i), sources.get(i - 1));
            traits.add(shared ? traits.getLast() : ModelTraits.of(sources.get(i)));
        }
        return List.copyOf(traits);
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isLike(ModelSource source, ModelSource other) {
        return source.model() == other.model()
                && source.state().profile() == other.state().profile();
    }

    /// Empty where no source knows it; so are the other texts.
    String family() {
        return text(ModelTraits::family);
    }

    String variant() {
        // Of the source that gives the family: a variant means nothing beside another one's family.
        String family = family();
        return sourceTraits.stream()
                .filter(traits -> traits.family().equals(family))
                .map(ModelTraits::variant)
                .filter(variant -> !variant.isEmpty())
                .findFirst()
                .orElse("");
    }

    String parameterSize() {
        return text(ModelTraits::parameterSize);
    }

    /// 0 where unknown.
    long parameterCount() {
        return sourceTraits.stream()
                .mapToLong(ModelTraits::parameterCount)
                .filter(count -> count > 0)
                .findFirst()
                .orElse(0);
    }

    String quantization() {
        return text(ModelTraits::quantization);
    }

    /// `llm`, `vlm` or `embeddings`: the most telling of what the sources say.
    String kind() {
        return sourceTraits.stream()
                .map(ModelTraits::kind)
                .filter(kind -> !kind.equals(ModelTraits.LLM))
                .findFirst()
                .orElse(ModelTraits.LLM);
    }

    List<String> capabilities() {
        return sourceTraits.stream()
                .flatMap(traits -> traits.capabilities().stream())
                .distinct()
                .toList();
    }

    /// A detail of the first source that has it; null where none has.
    @Nullable
    String detail(Function<DiscoveredModel.Details, @Nullable String> detail) {
        for (ModelSource source : sources) {
            String value = detail.apply(source.model().details());
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    /// In tokens; null where unknown.
    @Nullable
    Long maxContextLength() {
        long told = first(source -> source.model().details().contextLength());
        long known = told > 0 ? told : first(ModelSource::contextLength);
        return known > 0 ? known : null;
    }

    /// What the first source says that says anything; 0 where none does.
    private long first(ToLongFunction<ModelSource> context) {
        return sources.stream()
                .mapToLong(context)
                .filter(length -> length > 0)
                .findFirst()
                .orElse(0);
    }

    /// The bytes that one copy takes; 0 where unknown.
    long diskSize() {
        return sources.stream().mapToLong(source -> source.model().size()).max().orElse(0);
    }

    /// Unix seconds of the earliest moment that a source gives; 0 where unknown.
    long created() {
        return sources.stream()
                .map(ModelSource::created)
                .filter(Objects::nonNull)
                .mapToLong(Instant::getEpochSecond)
                .min()
                .orElse(0);
    }

    /// The preferred source among the servers that list their models in that format; null where there is none.
    @Nullable
    ModelSource sourceListedAs(String format) {
        return sources.stream()
                .filter(source -> source.listedAs(format))
                .findFirst()
                .orElse(null);
    }

    /// The name to show to clients of one kind of server: that kind's own, unless only our id tells two models
    /// apart.
    String nameFrom(@Nullable ModelSource source) {
        return source == null || !aliases.contains(id) ? id : source.model().name();
    }

    private String text(Function<ModelTraits, String> trait) {
        return sourceTraits.stream()
                .map(trait)
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("");
    }
}
