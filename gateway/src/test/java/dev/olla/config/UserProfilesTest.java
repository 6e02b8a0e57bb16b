package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.ConcurrencyLimit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserProfilesTest {

    @TempDir
    private Path folder;

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve("config/profiles").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Config load() {
        return switch (new ConfigLoader(Map.of(), folder).load(null)) {
            case ConfigLoader.Result.Loaded(Config config) -> config;
            case ConfigLoader.Result.Refused(Path _, var problems) -> throw new AssertionError(problems.toString());
        };
    }

    private BackendProfile profile(String name) {
        return Objects.requireNonNull(load().profiles().byName().get(name));
    }

    private List<String> problems() {
        return load().problems().stream().map(ConfigProblem::toString).toList();
    }

    private ValidationReport report() {
        return ValidationReport.of(new ConfigLoader(Map.of(), folder).validate(null));
    }

    @Test
    void aFileIsLaidOverTheProfileOfItsNameWhateverTheFileIsCalled() throws IOException {
        BackendProfile before = profile("ollama");
        write("ollama-custom.yaml", """
                name: ollama
                routing: {prefixes: [ollama, ai]}
                characteristics: {timeout: 10m}
                models:
                  capability_patterns: {vision: ["*eye*"]}
                  context_patterns: [{pattern: "big*", context: 131072}]
                """);
        BackendProfile after = profile("ollama");
        assertThat(after.prefixes()).containsExactly("ollama", "ai");
        assertThat(after.timeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(after.written().timeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(after.models().capabilities("sharp-eye:7b")).contains("vision");
        assertThat(after.models().contextLength("big-model")).isEqualTo(131072);
        assertThat(after.api()).isEqualTo(before.api());
        assertThat(after.parsing()).isEqualTo(before.parsing());
        assertThat(after.metrics()).isEqualTo(before.metrics());
        assertThat(after.resources()).isEqualTo(before.resources());
        assertThat(after.models().capabilities("nomic-embed-text")).contains("embeddings");
        assertThat(load().profiles().changes())
                .containsExactly("config/profiles/ollama-custom.yaml changes profile ollama");
    }

    @Test
    void aNewNameAddsAKindThatEndpointsMayHave() throws IOException {
        write("mine.yaml", """
                name: my-server
                routing: {prefixes: [my, other]}
                api: {openai_compatible: true, paths: [/v1/chat/completions], health_check_path: /up}
                """);
        Profiles profiles = load().profiles();
        assertThat(Objects.requireNonNull(profiles.byType("my-server")).healthPath())
                .isEqualTo("/up");
        assertThat(profiles.byType("other")).isSameAs(profiles.byType("my-server"));
        assertThat(profiles.changes()).containsExactly("config/profiles/mine.yaml adds profile my-server");
        assertThat(report().text()).contains("[OK]   profiles     12 profile(s) loaded\n");
    }

    @Test
    void filesCountInTheOrderOfTheirPaths() throws IOException {
        write("b.yml", "{name: vllm, characteristics: {timeout: 2h}}");
        write("a/z.yaml", "{name: vllm, characteristics: {timeout: 1h, max_concurrent_requests: 7}}");
        write("readme.txt", "name: vllm");
        assertThat(profile("vllm").timeout()).isEqualTo(Duration.ofHours(2));
        assertThat(profile("vllm").written().maxConcurrentRequests()).isEqualTo(7);
    }

    @Test
    void listsReplaceAndNullClears() throws IOException {
        write(
                "x.yaml",
                "{name: vllm, api: {paths: [/v1/models], anthropic_support: ~}, characteristics: {timeout: null}}");
        BackendProfile profile = profile("vllm");
        assertThat(profile.paths()).containsExactly("/v1/models");
        assertThat(profile.api().anthropic().enabled()).isFalse();
        assertThat(profile.timeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(profile.written().timeout()).isNull();
        assertThat(profile.openAiCompatible()).isTrue();
    }

    @Test
    void aFigureThatTheBuiltInProfileHasTooIsNotChosen() throws IOException {
        write("x.yaml", """
                name: ollama
                characteristics: {timeout: 5m, max_concurrent_requests: 10, default_priority: 100}
                resources:
                  concurrency_limits:
                    - {min_memory_gb: 30, max_concurrent: 1}
                    - {min_memory_gb: 15, max_concurrent: 2}
                    - {min_memory_gb: 8, max_concurrent: 4}
                    - {min_memory_gb: 0, max_concurrent: 8}
                """);
        assertThat(profile("ollama").written()).isEqualTo(profile("sglang").written());
    }

    @Test
    void aFigureThatDiffersIsChosen() throws IOException {
        write("x.yaml", """
                name: ollama
                characteristics: {max_concurrent_requests: 3, default_priority: 7}
                resources: {concurrency_limits: [{min_memory_gb: 0, max_concurrent: 2}]}
                """);
        assertThat(profile("ollama").written().maxConcurrentRequests()).isEqualTo(3);
        assertThat(profile("ollama").written().defaultPriority()).isEqualTo(7);
        assertThat(profile("ollama").written().concurrencyLimits()).containsExactly(new ConcurrencyLimit(0, 2));
    }

    @Test
    void theBuiltInFilesThemselvesChangeNothing() throws IOException {
        for (String name : BuiltInProfile.FILES) {
            try (InputStream in = getClass().getResourceAsStream("/profiles/" + name + ".yaml")) {
                write(
                        name + ".yaml",
                        new String(Objects.requireNonNull(in).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        assertThat(problems()).isEmpty();
        BuiltInProfile.all().forEach((name, builtIn) -> {
            BackendProfile read = profile(name);
            assertThat(read.api()).isEqualTo(builtIn.api());
            assertThat(read.prefixes()).isEqualTo(builtIn.prefixes());
            assertThat(read.characteristics()).isEqualTo(builtIn.characteristics());
            assertThat(read.written()).isEqualTo(builtIn.written());
            assertThat(read.later().get()).isEqualTo(builtIn.later().get());
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "api: {paths: [/x]}| config/profiles/x.yaml: name: a profile needs a name: the profile is left out",
                "'name: '| config/profiles/x.yaml:1: name: a profile needs a name: the profile is left out",
                "'{name: vllm, characteristics: {timeout: soon}}'|config/profiles/x.yaml:1: characteristics.timeout: ",
                "'{name: vllm, api: {paths: 5}}'|config/profiles/x.yaml:1: api.paths: ",
                "'{name: vllm, api: [}'|config/profiles/x.yaml:1: ",
                "'{name: vllm, routing: {prefixes: [{a: b}]}}'|config/profiles/x.yaml:1: routing.prefixes: ",
            })
    void aFileWithAMistakeIsNamedAndLeftOut(String text, String problem) throws IOException {
        BackendProfile before = profile("vllm");
        write("x.yaml", text);
        assertThat(problems()).hasSize(1).first().asString().startsWith(problem.strip());
        assertThat(profile("vllm")).isEqualTo(before);
        assertThat(report().clean()).isFalse();
        assertThat(report().text())
                .contains("[FAIL] profiles     11 profile(s) loaded (1 issue(s))\n  - config/profiles/x.yaml");
    }

    @Test
    void aMistakeInOneFileDoesNotTouchTheOthers() throws IOException {
        write("a.yaml", "{name: vllm, characteristics: {timeout: soon}}");
        write("b.yaml", "{name: vllm, characteristics: {timeout: 1h}}");
        assertThat(profile("vllm").timeout()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void unknownKeysAreWarnedOfWithTheNearestKnownOne() throws IOException {
        write("x.yaml", "name: vllm\ncharacteristics:\n  timout: 1h\nhome: x\nfeatures: {a: b}\n");
        assertThat(problems())
                .containsExactly(
                        "config/profiles/x.yaml:3: characteristics.timout: unknown key; did you mean timeout?");
        assertThat(report().text()).contains("[WARN] profiles     11 profile(s) loaded (1 issue(s))");
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy", "models", "any", "anthropic"})
    void prefixesOfOurOwnRoutesCanNotBeHad(String prefix) throws IOException {
        write("x.yaml", "{name: mine, routing: {prefixes: [" + prefix + ", mine]}}");
        assertThat(profile("mine").prefixes()).containsExactly("mine");
        assertThat(problems())
                .containsExactly("config/profiles/x.yaml: routing.prefixes: " + prefix
                        + " is reserved for the gateway's own routes");
        assertThat(report().clean()).isFalse();
    }

    @Test
    void aPrefixStaysWithWhoHadItFirst() throws IOException {
        write("x.yaml", "{name: mine, routing: {prefixes: [vllm, mine]}}");
        write("y.yaml", "{name: yours, routing: {prefixes: [mine, a/b]}}");
        assertThat(profile("mine").prefixes()).containsExactly("mine");
        assertThat(profile("yours").prefixes()).isEmpty();
        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "config/profiles/x.yaml: routing.prefixes: vllm belongs to vllm already, mine goes without it",
                        "config/profiles/y.yaml: routing.prefixes: mine belongs to mine already, yours goes without it",
                        "config/profiles/y.yaml: routing.prefixes: a prefix is made of letters, digits, '.', '_', '~'"
                                + " and '-'");
        assertThat(Objects.requireNonNull(load().profiles().byType("vllm")).name())
                .isEqualTo("vllm");
    }

    @Test
    void aPriorityThatTheUserWroteIsThatOfEndpointsWithoutOne() throws IOException {
        write("x.yaml", "{name: vllm, characteristics: {default_priority: 7}}");
        Files.writeString(folder.resolve("config.yaml"), """
                discovery:
                  static:
                    endpoints:
                      - {name: a, url: "http://a", type: vllm}
                      - {name: b, url: "http://b", type: vllm, priority: 3}
                      - {name: c, url: "http://c", type: ollama}
                """);
        assertThat(load().endpoints())
                .extracting(endpoint -> endpoint.priority())
                .containsExactly(7, 3, 100);
    }

    @Test
    void theFolderIsWatched() throws IOException {
        Config config = load();
        assertThat(new ConfigLoader(Map.of(), folder).watched(config)).contains(Path.of("config", "profiles"));
        write("x.yaml", "{name: vllm, characteristics: {timeout: 1h}}");
        assertThat(ConfigDiff.of(config, load())).containsExactly("profiles.vllm");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "calculations: {total_ms: 'a +'}; metrics.extraction.calculations.total_ms: this can't be calculated",
                "paths: {total_ms: '$..a'}; metrics.extraction.paths.total_ms: this is no path"
            })
    void aBrokenExpressionOrPathIsNamedAndTheFileLeftOut(String extraction, String words) throws IOException {
        write("mine.yaml", "name: ollama\nmetrics:\n  extraction: {" + extraction + "}\n");
        assertThat(problems()).singleElement().asString().startsWith("config/profiles/mine.yaml:3: " + words);
        assertThat(report().text()).contains("[FAIL] profiles ");
        assertThat(profile("ollama").metrics().extraction().calculations()).containsKey("tokens_per_second");
    }
}
