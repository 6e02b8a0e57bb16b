package dev.olla.request.route;

import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.NameFilter;
import dev.olla.request.inspect.Need;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What models are known to be able to do: by what their server says, by the patterns of its kind, or by their
/// name.
///
/// A model of which nothing is known is not thought unable: it only comes after those that are known to be able.
final class Abilities {

    private static final List<String> VISION =
            List.of("*vision*", "*llava*", "*-vl*", "*vl:*", "*pixtral*", "*moondream*", "*minicpm-v*", "*bakllava*");
    private static final List<String> CODE =
            List.of("*coder*", "*code*", "*codestral*", "*devstral*", "*starcoder*", "*-code-*");
    private static final List<String> EMBEDDINGS = List.of("*embed*", "*bge-*", "*minilm*", "*e5-*", "*gte-*");

    private static final Set<String> VISION_WORDS = Set.of("vision", "multimodal", "image");
    private static final Set<String> FUNCTION_WORDS = Set.of("tools", "tool_use", "function_calling", "functions");
    private static final Set<String> EMBEDDING_WORDS = Set.of("embedding", "embeddings");
    private static final Set<String> CODE_WORDS = Set.of("code", "code_generation");

    private Abilities() {}

    static boolean has(BackendProfile kind, DiscoveredModel model, Collection<Need> needs) {
        for (Need need : needs) {
            if (!has(kind, model, need)) {
                return false;
            }
        }
        return true;
    }

    private static boolean has(BackendProfile kind, DiscoveredModel model, Need need) {
        String type = model.details().type();
        String told = type == null ? "" : type.toLowerCase(Locale.ROOT);
        return switch (need) {
            case VISION -> told.equals("vlm") || says(kind, model, VISION_WORDS) || isNamed(model, VISION);
            case FUNCTIONS -> says(kind, model, FUNCTION_WORDS);
            case EMBEDDINGS ->
                told.startsWith("embedding") || says(kind, model, EMBEDDING_WORDS) || isNamed(model, EMBEDDINGS);
            case CODE -> says(kind, model, CODE_WORDS) || isNamed(model, CODE);
        };
    }

    private static boolean says(BackendProfile kind, DiscoveredModel model, Set<String> words) {
        for (String word : model.details().capabilities()) {
            if (words.contains(word.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        for (String word : kind.models().capabilities(model.name())) {
            if (words.contains(word.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNamed(DiscoveredModel model, List<String> patterns) {
        for (String pattern : patterns) {
            if (NameFilter.matches(pattern, model.name())) {
                return true;
            }
        }
        return false;
    }
}
