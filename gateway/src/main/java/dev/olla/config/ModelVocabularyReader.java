package dev.olla.config;

import dev.olla.fleet.ModelVocabulary;
import dev.olla.fleet.ModelVocabulary.Abilities;
import dev.olla.fleet.ModelVocabulary.FamilyNames;
import dev.olla.fleet.ModelVocabulary.FamilyPattern;
import dev.olla.fleet.ModelVocabulary.NamePattern;
import dev.olla.fleet.TextPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Reads `models.yaml`. Its tables may be written from either side: `qwen2: qwen` says the same as `qwen: [qwen2]`.
final class ModelVocabularyReader {

    private static final Range COUNT = Range.atLeast(0);

    private final Section root;

    /// Where a table may stand beside the top.
    private final List<Section> groups;

    private ModelVocabularyReader(Section root) {
        this.root = root;
        this.groups = List.of(root.section("model_extraction"), root.section("capabilities"));
    }

    static ModelVocabulary read(Section root) {
        root.ignore("version", "description");
        return new ModelVocabularyReader(root).vocabulary();
    }

    private ModelVocabulary vocabulary() {
        return new ModelVocabulary(
                families(),
                table(home("publisher_mappings").section("publisher_mappings"), ModelVocabularyReader::lower),
                table(root.section("quantization").section("mappings"), text -> text.toUpperCase(Locale.ROOT)),
                new Abilities(byType(), byName(), contexts()));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// The section in which a table is written.
    private Section home(String table) {
        if (root.has(table)) {
            return root;
        }
        return groups.stream().filter(group -> group.has(table)).findFirst().orElse(root);
    }

    private FamilyNames families() {
        Map<String, String> words = new HashMap<>();
        for (String table : List.of("architecture_mappings", "family_aliases")) {
            words.putAll(table(home(table).section(table), ModelVocabularyReader::lower));
        }
        Section rules = root.section("special_rules");
        return new FamilyNames(
                familyPatterns(),
                words,
                new HashSet<>(lowerCase(rules.texts("preserve_family", List.of()))),
                new HashSet<>(lowerCase(rules.texts("generic_names", List.of()))));
    }

    private static List<String> lowerCase(List<String> texts) {
        return texts.stream().map(ModelVocabularyReader::lower).toList();
    }

    private List<FamilyPattern> familyPatterns() {
        List<FamilyPattern> patterns = new ArrayList<>();
        for (Section item : items(home("family_patterns"), "family_patterns")) {
            item.ignore("description");
            TextPattern pattern = pattern(item);
            int family = item.integer("family_group", 1, COUNT);
            int variant = item.integer("variant_group", 2, COUNT);
            if (pattern == null) {
                continue;
            }
            if (family > pattern.groups()) {
                item.error("family_group", "the pattern has only " + pattern.groups() + " groups");
            } else {
                patterns.add(new FamilyPattern(pattern, family, variant > pattern.groups() ? 0 : variant));
            }
        }
        return patterns;
    }

    /// Null where it is none, which is reported.
    private static @Nullable TextPattern pattern(Section item) {
        String text = item.text("pattern", "");
        try {
            return new TextPattern(text);
        } catch (PatternSyntaxException none) {
            item.error("pattern", "this is no regular expression: " + none.getDescription());
            return null;
        }
    }

    private Map<String, List<String>> byType() {
        Section section = home("type_capabilities").section("type_capabilities");
        Map<String, List<String>> byType = new LinkedHashMap<>();
        section.names().forEach(type -> byType.put(lower(type), section.texts(type, List.of())));
        return byType;
    }

    private List<NamePattern> byName() {
        List<NamePattern> patterns = new ArrayList<>();
        for (Section item : items(home("name_patterns"), "name_patterns")) {
            item.ignore("description");
            TextPattern pattern = pattern(item);
            List<String> abilities = item.texts("capabilities", List.of());
            if (pattern != null) {
                patterns.add(new NamePattern(pattern, abilities));
            }
        }
        return patterns;
    }

    private Map<String, Integer> contexts() {
        Section section = home("context_thresholds").section("context_thresholds");
        Map<String, Integer> contexts = new HashMap<>();
        section.names().forEach(word -> contexts.put(word, section.integer(word, 0, COUNT)));
        return contexts;
    }

    private static List<Section> items(Section section, String key) {
        List<Section> items = section.sections(key);
        return items == null ? List.of() : items;
    }

    /// What stands for each word, whichever side of the table has the lists.
    private static Map<String, String> table(Section section, UnaryOperator<String> spelling) {
        Map<String, String> table = new HashMap<>();
        for (String key : section.names()) {
            if (section.isNoValue(key)) {
                section.texts(key, List.of()).forEach(word -> table.put(spelling.apply(word), key));
            } else {
                table.put(spelling.apply(key), section.text(key, ""));
            }
        }
        return table;
    }
}
