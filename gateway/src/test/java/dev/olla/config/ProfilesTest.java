package dev.olla.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.ConcurrencyLimit;
import dev.olla.fleet.ProfileDetails;
import dev.olla.fleet.ResourceProfile;
import dev.olla.fleet.TimeoutScaling;
import dev.olla.fleet.WrittenValues;
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

    @ParameterizedTest
    @CsvSource({
        "ollama, llama3:70b, 40, PT5M, 1",
        "ollama, llama3:70b-q4_0, 20, PT5M, 2",
        "ollama, mistral:7b, 6, PT30S, 8",
        "ollama, smollm:1.7B, 4, PT5S, 8",
        "ollama, nobody-knows, 4, PT5S, 8",
        "docker-model-runner, ai/smollm2:1.7b, 2, PT10S, 10",
        "vllm-mlx, mlx-community/Llama-70b-4bit, 20, PT2M, 5",
        "lm-studio, llama-70b, 42, PT1S, 1",
        "openai-compatible, llama-70b, 0, PT0S, 20",
    })
    void aNameTellsWhatAModelNeeds(String kind, String model, double memory, Duration load, int limit) {
        ResourceProfile resources = kind(kind).resources();
        assertThat(resources.needs(model).minMemoryGb()).isEqualTo(memory);
        assertThat(resources.needs(model).loadTime()).isEqualTo(load);
        assertThat(requireNonNull(ConcurrencyLimit.of(resources.concurrencyLimits(), memory))
                        .maxConcurrent())
                .isEqualTo(limit);
    }

    @ParameterizedTest
    @CsvSource({
        "ollama, Llama3.2:latest, 8192",
        "ollama, something-32K-instruct, 32768",
        "vllm, meta-llama/Llama-3.1-8B, 131072",
        "ollama, mistral, 0",
    })
    void aNameTellsTheLongestContext(String kind, String model, int context) {
        assertThat(kind(kind).models().contextLength(model)).isEqualTo(context);
    }

    @Test
    void aNameTellsWhatAModelCanDo() {
        assertThat(kind("ollama").models().capabilities("qwen2.5-coder:7b")).containsExactly("code");
        assertThat(kind("ollama").models().capabilities("LLaVA:7b")).containsExactly("vision");
        assertThat(kind("lm-studio").models().capabilities("anything")).containsExactly("chat");
        assertThat(kind("dmr").models().capabilities("embed-Chat-x")).containsExactly("embeddings");
    }

    @Test
    void theRestOfAProfileIsReadWhenItIsAskedFor() {
        BackendProfile ollama = kind("ollama");
        assertThat(ollama.detection().defaultPorts()).containsExactly(11434);
        assertThat(ollama.detection().userAgents()).containsExactly("ollama/");
        assertThat(ollama.pathIndices().chatCompletions()).isEqualTo(2);
        assertThat(ollama.metrics().extraction().enabled()).isTrue();
        assertThat(ollama.metrics().extraction().paths()).containsEntry("output_tokens", "$.eval_count");
        assertThat(ollama.metrics().extraction().calculations()).containsKey("tokens_per_second");
        assertThat(ollama.resources().timeoutScaling()).isEqualTo(new TimeoutScaling(Duration.ofSeconds(30), true));
        assertThat(ollama.api().anthropic().minVersion()).isEqualTo("0.14.0");
        assertThat(ollama.api().anthropic().limitations()).containsExactly("token_counting_404");
        assertThat(ollama.parsing().generatePath()).isEqualTo("/api/generate");
        assertThat(ollama.characteristics().maxConcurrentRequests()).isEqualTo(10);
        assertThat(ollama.written()).isEqualTo(WrittenValues.NONE);
        assertThat(Profiles.builtIn().byName()).containsEntry("ollama", ollama);
    }

    private BackendProfile kind(String type) {
        return requireNonNull(profiles.byType(type));
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
        Section section = reading.root(root);
        ProfileDetails details = ProfileDetailsReader.read(section);
        BackendProfile profile = ProfileReader.read(section, WrittenValues.NONE, new ProfileDetails.Known(details));
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
