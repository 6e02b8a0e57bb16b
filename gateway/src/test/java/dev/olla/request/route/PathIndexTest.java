package dev.olla.request.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.request.SampleFleet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathIndexTest {

    private final PathIndex index = new PathIndex(SampleFleet.PROFILES.byName().values());

    @ParameterizedTest
    @CsvSource({
        "/api/chat, ollama",
        "/api/tags, ollama",
        "/api/v0/models, lm-studio",
        "/tokenize, vllm llamacpp",
        "/v2/rerank, vllm",
        "/generate, sglang lmdeploy",
        "/engines/llama.cpp/v1/models, docker-model-runner",
        "/api/v1/load, lemonade",
    })
    void aPathBelongsToTheKindsThatListIt(String path, String kinds) {
        assertThat(index.supporters(path)).contains(kinds.split(" "));
    }

    @Test
    void aPathOfOneKindIsNotThatOfAnother() {
        assertThat(index.supporters("/api/chat")).containsExactly("ollama");
        assertThat(index.supporters("/v2/rerank")).doesNotContain("ollama", "openai-compatible");
    }

    @Test
    void theOpenAiPathsBelongToEveryKindThatServesThem() {
        assertThat(index.supporters("/v1/chat/completions"))
                .contains("ollama", "lm-studio", "openai-compatible", "vllm", "sglang", "llamacpp", "litellm", "omlx");
    }

    @Test
    void anUnlistedPathIsMatchedByItsEnd() {
        assertThat(index.supporters("/base/v2/rerank")).contains("vllm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nobody/knows", "/v1/audio/speech", "", "x"})
    void anUnknownPathBelongsToNobody(String path) {
        assertThat(index.supporters(path)).isEmpty();
    }

    @Test
    void tenThousandDifferentPathsAreStillAnsweredRight() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(index.supporters("/" + i + "/v2/rerank")).contains("vllm");
        }
        assertThat(index.supporters("/nobody/knows")).isEmpty();
    }
}
