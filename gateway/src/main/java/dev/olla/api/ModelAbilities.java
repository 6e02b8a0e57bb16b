package dev.olla.api;

import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.ModelVocabulary;
import dev.olla.fleet.NameFilter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a model can do: by what its server says, by the patterns of its kind of server, and by its name.
///
/// @param kind `llm`, `vlm` or `embeddings`
/// @param words as lists have them
record ModelAbilities(String kind, List<String> words) {

    private static final String TEXT = "text-generation";
    private static final String VISION = "vision";

    /// What other words stand for.
    private static final Map<String, String> WORDS = Map.of(
            "embedding", ModelTraits.EMBEDDINGS,
            "code", "code-generation",
            "tools", "function-calling",
            "tool-use", "function-calling",
            "functions", "function-calling",
            "text", TEXT);

    static ModelAbilities of(ModelSource source) {
        DiscoveredModel model = source.model();
        String type = model.details().type();
        String told = type == null ? "" : type.toLowerCase(Locale.ROOT);
        ModelVocabulary.Abilities vocabulary = source.endpoint().vocabulary().abilities();
        Set<String> known = new LinkedHashSet<>();
        model.details().capabilities().forEach(word -> known.add(word(word)));
        source.state().profile().models().capabilities(model.name()).forEach(word -> known.add(word(word)));
        String kind = kind(model.name(), told, known);
        boolean embeds = kind.equals(ModelTraits.EMBEDDINGS);
        Set<String> words = new LinkedHashSet<>();
        words.add(embeds ? ModelTraits.EMBEDDINGS : TEXT);
        words.addAll(vocabulary.ofType(embeds && vocabulary.ofType(told).isEmpty() ? kind : told));
        words.addAll(known);
        words.addAll(vocabulary.of(model.name(), source.contextLength()));
        if (embeds) {
            words.removeAll(Set.of(TEXT, "chat", "completion"));
        }
        return new ModelAbilities(kind, List.copyOf(words));
    }

    private static String word(String word) {
        String lower = word.toLowerCase(Locale.ROOT).replace('_', '-');
        return WORDS.getOrDefault(lower, lower);
    }

    private static String kind(String name, String type, Set<String> known) {
        return switch (type) {
            case ModelTraits.VLM -> ModelTraits.VLM;
            case ModelTraits.LLM -> ModelTraits.LLM;
            case "embedding", ModelTraits.EMBEDDINGS -> ModelTraits.EMBEDDINGS;
            default -> {
                boolean embeds = known.contains(ModelTraits.EMBEDDINGS) || NameFilter.matches("*embed*", name);
                yield embeds ? ModelTraits.EMBEDDINGS : known.contains(VISION) ? ModelTraits.VLM : ModelTraits.LLM;
            }
        };
    }
}
