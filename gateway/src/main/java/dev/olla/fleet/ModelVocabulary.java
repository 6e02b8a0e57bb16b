package dev.olla.fleet;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// What the names of models, and the words that servers have for them, mean: the content of `models.yaml`.
///
/// @param families how families are found
/// @param publishers by family
/// @param quantizations our spelling, by the server's in upper case
/// @param abilities what models can do
public record ModelVocabulary(
        FamilyNames families, Map<String, String> publishers, Map<String, String> quantizations, Abilities abilities) {

    public static final ModelVocabulary NONE =
            new ModelVocabulary(FamilyNames.NONE, Map.of(), Map.of(), Abilities.NONE);

    public ModelVocabulary {
        publishers = Map.copyOf(publishers);
        quantizations = Map.copyOf(quantizations);
    }

    /// What a model can do by its type, its name and its context.
    ///
    /// @param byType by the type that a server tells
    /// @param byName of models whose names have the pattern in them
    /// @param contexts the least context in tokens, by the word for it
    public record Abilities(Map<String, List<String>> byType, List<NamePattern> byName, Map<String, Integer> contexts) {

        public static final Abilities NONE = new Abilities(Map.of(), List.of(), Map.of());

        public Abilities {
            byType = Map.copyOf(byType);
            byName = List.copyOf(byName);
            contexts = Map.copyOf(contexts);
        }

        /// Empty where the type tells nothing.
        public List<String> ofType(String type) {
            return byType.getOrDefault(type.toLowerCase(Locale.ROOT), List.of());
        }

        /// @param context in tokens
        public Set<String> of(String name, long context) {
            Set<String> found = new LinkedHashSet<>();
            for (NamePattern each : byName) {
                if (each.pattern().matcher(name).find()) {
                    found.addAll(each.abilities());
                }
            }
            found.addAll(ofContext(context));
            return found;
        }

        /// The word for the longest that it reaches; what is very long is long too.
        private List<String> ofContext(long context) {
            List<Map.Entry<String, Integer>> reached = new ArrayList<>(contexts.entrySet());
            reached.removeIf(entry -> entry.getValue() <= 0 || context < entry.getValue());
            reached.sort(Map.Entry.<String, Integer>comparingByValue().reversed());
            if (reached.isEmpty()) {
                return List.of();
            }
            String longest = word(reached.getFirst().getKey());
            return longest.startsWith("ultra-")
                    ? List.of(longest, longest.substring("ultra-".length()))
                    : List.of(longest);
        }

        private static String word(String key) {
            return key.replace('_', '-');
        }
    }

    /// @param abilities in the words of lists
    public record NamePattern(TextPattern pattern, List<String> abilities) {
        public NamePattern {
            abilities = List.copyOf(abilities);
        }
    }

    /// Who published the model: what its name says before a slash, else the publisher of the family that it begins
    /// with; empty where unknown.
    public String publisher(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        int slash = lower.indexOf('/');
        if (slash > 0) {
            return lower.substring(0, slash);
        }
        String longest = "";
        for (String family : publishers.keySet()) {
            if (family.length() > longest.length() && lower.startsWith(family.toLowerCase(Locale.ROOT))) {
                longest = family;
            }
        }
        return publishers.getOrDefault(longest, "");
    }

    /// How families of models are called.
    ///
    /// @param patterns the first that fits a name counts
    /// @param words the family, by another word for it in lower case
    /// @param preserved families whose name is kept as it is
    /// @param generic names that tell nothing
    public record FamilyNames(
            List<FamilyPattern> patterns, Map<String, String> words, Set<String> preserved, Set<String> generic) {

        public static final FamilyNames NONE = new FamilyNames(List.of(), Map.of(), Set.of(), Set.of());

        /// What is known as a family without any pattern.
        private static final Set<String> KNOWN = Set.of(
                "llama",
                "gemma",
                "phi",
                "qwen",
                "mistral",
                "mixtral",
                "yi",
                "deepseek",
                "codellama",
                "starcoder",
                "vicuna",
                "falcon",
                "gpt2",
                "gptj",
                "gptneox",
                "bloom",
                "opt",
                "mpt");

        private static final TextPattern SIZE = new TextPattern("(?:\\d+x)?\\d+(?:\\.\\d+)?[bm]");

        public FamilyNames {
            patterns = List.copyOf(patterns);
            words = Map.copyOf(words);
            preserved = Set.copyOf(preserved);
            generic = Set.copyOf(generic);
        }

        /// The family that a word of a name stands for, and the version that the word carries.
        ///
        /// @param told not empty
        public Family told(String told) {
            String lower = told.toLowerCase(Locale.ROOT);
            String family = isPreserved(lower) ? null : words.get(lower);
            if (family == null) {
                return new Family(told, "");
            }
            String rest = lower.startsWith(family) ? lower.substring(family.length()) : "";
            boolean version = !rest.isEmpty() && Character.isDigit(rest.charAt(0));
            return new Family(family, version ? rest : "");
        }

        /// What the name of a model tells.
        public Family named(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            int start = lower.lastIndexOf('/') + 1;
            String bare = lower.substring(start);
            String kept = preservedIn(bare);
            if (!kept.isEmpty()) {
                return new Family(kept, "");
            }
            Family found = matched(bare, 0);
            if (found == null && start > 0) {
                found = matched(lower, start);
            }
            return found == null ? byToken(bare) : found;
        }

        private boolean isPreserved(String word) {
            return !preservedIn(word).isEmpty();
        }

        /// The family that is kept as it is, as the whole word or as its beginning.
        private String preservedIn(String bare) {
            for (String family : preserved) {
                if (bare.startsWith(family)
                        && (bare.length() == family.length() || "-_:/.".indexOf(bare.charAt(family.length())) >= 0)) {
                    return family;
                }
            }
            return "";
        }

        /// @param from where the family may begin: what stands before is the publisher
        private @Nullable Family matched(String name, int from) {
            for (FamilyPattern each : patterns) {
                Matcher match = each.pattern().matcher(name);
                if (match.find()
                        && match.group(each.familyGroup()) != null
                        && match.start(each.familyGroup()) >= from) {
                    return new Family(match.group(each.familyGroup()), variant(name, match, each.variantGroup()));
                }
            }
            return null;
        }

        /// The first part of what stands behind the family, unless it is a size such as `7b`.
        private static String variant(String name, Matcher match, int group) {
            if (group <= 0 || match.group(group) == null) {
                return "";
            }
            String rest = name.substring(match.start(group)).replaceFirst("^[-_.:/]+", "");
            String first = rest.split("[-_:/]", 2)[0];
            if (SIZE.matcher(first).matches() || first.equals("latest")) {
                return "";
            }
            String own = match.group(group).replaceFirst("^[-_.:/]+", "");
            return own.length() < first.length() ? own : first;
        }

        private Family byToken(String bare) {
            String token = bare.split("[-_:/]", 2)[0];
            if (generic.contains(bare) || generic.contains(token)) {
                return Family.UNKNOWN;
            }
            if (words.containsKey(token)) {
                return told(token);
            }
            return KNOWN.contains(token) ? new Family(token, "") : Family.UNKNOWN;
        }
    }

    /// @param familyGroup of the pattern
    /// @param variantGroup of the pattern; 0 where it has none
    public record FamilyPattern(TextPattern pattern, int familyGroup, int variantGroup) {}

    /// Both empty where unknown.
    public record Family(String name, String variant) {
        public static final Family UNKNOWN = new Family("", "");
    }
}
