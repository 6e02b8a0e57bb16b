package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.ModelVocabulary;
import dev.olla.fleet.ModelVocabulary.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsFileTest {

    @TempDir
    private Path root;

    private ConfigLoader loader() {
        return new ConfigLoader(
                Map.of("OLLA_CONFIG_DIR", root.resolve("elsewhere").toString()), root.resolve("a/b"));
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(root.resolve("a/b"));
        Path file = root.resolve(path).normalize();
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Config load() {
        return switch (loader().load(null)) {
            case ConfigLoader.Result.Loaded(Config config) -> config;
            case ConfigLoader.Result.Refused(Path _, var problems) -> throw new AssertionError(problems.toString());
        };
    }

    private ModelVocabulary vocabulary() {
        return load().profiles().vocabulary();
    }

    private String report() {
        return ValidationReport.of(loader().validate(null)).text();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b/models.yaml",
                "a/b/config/models.yaml",
                "a/b/config-base/models.yaml",
                "a/config/models.yaml",
                "config/models.yaml",
                "elsewhere/models.yaml"
            })
    void isFoundInEachOfItsPlaces(String path) throws IOException {
        write(path, "quantization: {mappings: {Q9_X: nine}}");
        assertThat(vocabulary().quantizations()).containsEntry("Q9_X", "nine").containsEntry("Q6_K", "q6k");
        assertThat(report()).contains("[OK]   models.yaml  loaded from ");
        assertThat(loader().watched(load()).stream()
                        .map(watched -> root.resolve("a/b").resolve(watched).normalize()))
                .contains(root.resolve(path));
    }

    @Test
    void theFirstPlaceCounts() throws IOException {
        write("a/b/config/models.yaml", "publisher_mappings: {acme: [qwen]}");
        write("a/config/models.yaml", "publisher_mappings: {other: [qwen]}");
        assertThat(vocabulary().publisher("qwen3:8b")).isEqualTo("acme");
    }

    @Test
    void whatTheFileLeavesOutStaysAndListsAreReplaced() throws IOException {
        write("a/b/models.yaml", """
                model_extraction:
                  family_patterns: [{pattern: '^(zebra)-(\\d+)', family_group: 1, variant_group: 2}]
                  family_aliases: {zebra: [zb]}
                capabilities:
                  name_patterns: [{pattern: zebra, capabilities: [stripes]}]
                """);
        ModelVocabulary vocabulary = vocabulary();
        assertThat(vocabulary.families().named("Zebra-7")).isEqualTo(new Family("zebra", "7"));
        assertThat(vocabulary.families().named("forge-x")).isEqualTo(Family.UNKNOWN);
        assertThat(vocabulary.families().told("ZB")).isEqualTo(new Family("zebra", ""));
        assertThat(vocabulary.families().told("qwen3")).isEqualTo(new Family("qwen", "3"));
        assertThat(vocabulary.abilities().of("zebra-coder", 200_000)).containsExactly("stripes", "long-context");
        assertThat(vocabulary.quantizations()).containsEntry("Q6_K", "q6k");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model_extraction: {family_patterns: [{pattern: '^(a'}]}",
                "model_extraction: {family_patterns: [{pattern: 'a', family_group: 1}]}",
                "capabilities: {context_thresholds: {long_context: many}}",
                "quantization: [1",
            })
    void aBrokenFileIsNamedAndOursCounts(String text) throws IOException {
        write("a/b/config/models.yaml", text);
        assertThat(load().profiles().models()).isEqualTo(ModelsFile.BUILT_IN);
        assertThat(vocabulary().families().told("qwen3")).isEqualTo(new Family("qwen", "3"));
        assertThat(report())
                .contains("[FAIL] models.yaml  using embedded defaults (1 issue(s))\n  - config/models.yaml:1: ")
                .contains("the file is left out");
    }

    @Test
    void whatCanNotBeParsedIsPassedOver() throws IOException {
        write("a/b/models.yaml", "x: [");
        write("a/b/config/models.yaml", "publisher_mappings: {acme: [qwen]}");
        assertThat(vocabulary().publisher("qwen3:8b")).isEqualTo("acme");
        assertThat(report()).contains("[FAIL] models.yaml  loaded from config/models.yaml (1 issue(s))");
    }

    @Test
    void veryLongContextsAreLongToo() {
        ModelVocabulary.Abilities abilities = vocabulary().abilities();
        assertThat(abilities.of("m", 31_999)).isEmpty();
        assertThat(abilities.of("m", 32_000)).containsExactly("extended-context");
        assertThat(abilities.of("m", 1_000_000)).containsExactly("ultra-long-context", "long-context");
    }
}
