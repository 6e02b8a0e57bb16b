package dev.olla.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.BackendProfile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProfilesTest {

    private static final Path FOLDER = Path.of("src/main/resources/profiles");

    private final Profiles profiles = Profiles.builtIn();

    @ParameterizedTest
    @CsvSource({
        "ollama, Ollama, /api/tags, /, ollama, PT5M",
        "lm-studio, LM Studio, /api/v0/models, /v1/models, lmstudio, PT3M",
        "vllm, vLLM, /v1/models, /health, vllm, PT2M",
        "vllm-mlx, vLLM-MLX, /v1/models, /health, vllm-mlx, PT2M",
        "llamacpp, llama.cpp, /v1/models, /health, llamacpp, PT5M",
        "sglang, SGLang, /v1/models, /health, sglang, PT2M",
        "lmdeploy, LMDeploy, /v1/models, /health, lmdeploy, PT2M",
        "lemonade, Lemonade, /api/v1/models, /api/v1/health, lemonade, PT2M",
        "litellm, LiteLLM, /v1/models, /health/liveness, openai, PT5M",
        "docker-model-runner, Docker Model Runner, /engines/v1/models, /engines/v1/models, docker-model-runner, PT5M",
        "omlx, oMLX, /v1/models, /health, openai, PT3M",
        "openai-compatible, OpenAI Compatible, /v1/models, /v1/models, openai, PT2M",
    })
    void everyKindIsKnown(
            String name, String displayName, String discovery, String health, String format, Duration timeout) {
        BackendProfile profile = requireNonNull(profiles.byName().get(name));
        assertThat(profile.displayName()).isEqualTo(displayName);
        assertThat(profile.discoveryPath()).isEqualTo(discovery);
        assertThat(profile.healthPath()).isEqualTo(health);
        assertThat(profile.listFormat()).isEqualTo(format);
        assertThat(profile.timeout()).isEqualTo(timeout);
        assertThat(profile.openAiCompatible()).isTrue();
        assertThat(profile.paths()).isNotEmpty();
        assertThat(profile.ollamaNative()).isEqualTo(name.equals("ollama"));
        assertThat(profiles.byType(name)).isSameAs(profile);
        assertThat(profile.prefixes())
                .isNotEmpty()
                .allSatisfy(prefix -> assertThat(profiles.byType(prefix)).isSameAs(profile));
    }

    @Test
    void thereAreTwelve() {
        assertThat(profiles.byName()).hasSize(12);
    }

    @ParameterizedTest
    @CsvSource({
        "lmstudio, lm-studio",
        "lm_studio, lm-studio",
        "dmr, docker-model-runner",
        "llama-cpp, llamacpp",
        "llama_cpp, llamacpp",
        "vllm_mlx, vllm-mlx",
        "vllmmlx, vllm-mlx",
        "openai, openai-compatible",
    })
    void otherSpellingsMeanTheSameKind(String type, String name) {
        assertThat(profiles.byType(type)).isSameAs(profiles.byName().get(name));
    }

    @Test
    void aServerOfUnknownKindIsAskedForNothingButAnAnswer() {
        BackendProfile profile = requireNonNull(profiles.byType("auto"));
        assertThat(profile.name()).isEqualTo("openai-compatible");
        assertThat(profile.healthPath()).isEqualTo("/");
        assertThat(profile.discoveryPath()).isEqualTo("/v1/models");
        assertThat(profiles.byType("")).isSameAs(profile);
        assertThat(profiles.byType("olama")).isNull();
    }

    /// At start only the beginning of a file is read, so that nobody would notice a mistake further down.
    @Test
    void everyFileIsValidToItsEnd() throws IOException {
        int files = 0;
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(FOLDER, "*.yaml")) {
            for (Path file : folder) {
                checkFile(file);
                files++;
            }
        }
        assertThat(files).isEqualTo(12);
    }

    private static void checkFile(Path file) throws IOException {
        List<YamlDocument.Mistake> mistakes = new ArrayList<>();
        YamlNode.Mapping root = YamlDocument.read(ByteBuffer.wrap(Files.readAllBytes(file)), mistakes);
        assertThat(mistakes).as(file.toString()).isEmpty();
        Reading reading = new Reading(file.toString(), new Variables(Map.of()));
        BackendProfile profile = ProfileReader.read(reading.root(root));
        assertThat(reading.finish()).as(file.toString()).isEmpty();
        assertThat(root.entries())
                .as(file.toString())
                .containsKeys(
                        "version",
                        "description",
                        "request",
                        "path_indices",
                        "detection",
                        "models",
                        "resources",
                        "metrics");
        checkIndices(profile, (YamlNode.Mapping) value(root, "path_indices"));
    }

    private static YamlNode value(YamlNode.Mapping mapping, String key) {
        return requireNonNull(mapping.entries().get(key)).value();
    }

    private static void checkIndices(BackendProfile profile, YamlNode.Mapping indices) {
        Map<String, String> words = Map.of(
                "models", "/(models|tags)$",
                "completions", "/(completions|generate)$",
                "chat_completions", "/chat(/completions)?$",
                "embeddings", "/embeddings$");
        words.forEach((key, word) -> {
            int index = Integer.parseInt(((YamlNode.Scalar) value(indices, key)).text());
            if (index >= 0) {
                assertThat(profile.paths().get(index))
                        .as(profile.name() + " " + key)
                        .containsPattern(word);
            }
        });
    }
}
