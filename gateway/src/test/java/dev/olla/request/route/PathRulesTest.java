package dev.olla.request.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/pull",
                "/api/push",
                "/api/create",
                "/api/copy",
                "/api/delete",
                "/api/blobs/sha256:0a",
                "//api//pull",
                "/api/%70ull",
                "/%61pi/pull",
                "/api%2Fpull",
                "/api/pull/",
                "/api/pull//",
                "/api/./pull",
                "/x/../api/pull",
                "/x/%2e%2E/api/pull",
                "/api/x/..%2fpull",
                "/API/Pull",
                "/api/PULL",
                "/../../api/pull",
                "/api/%70ull/%zz",
                "/api/%62lobs/%g1"
            })
    void callsThatChangeTheModelsOfOneServerAreNotPassedOn(String path) {
        assertThat(PathRules.notSupported(path)).isEqualTo("model management operations not supported by proxy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/list", "/api/list/", "/api/%6cist", "//api/LIST"})
    void theListOfRunningModelsIsNotPassedOn(String path) {
        assertThat(PathRules.notSupported(path)).contains("running models list");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api",
                "/api/chat",
                "/api/pulling",
                "/v1/pull",
                "/pull",
                "/x/api/pull",
                "/api/../pull",
                "/api/%2570ull",
                "/api/v1/pull",
                "/api/list/x",
                "/api/+pull",
                "/api/pull%"
            })
    void everythingElseIs(String path) {
        assertThat(PathRules.notSupported(path)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/chat/completions, true",
        "POST, /v1/completions, true",
        "POST, /v1/embeddings, true",
        "POST, /v1/responses, true",
        "POST, /v1/messages, true",
        "POST, /api/chat, true",
        "POST, /api/generate, true",
        "POST, /api/embed, true",
        "POST, /api/embeddings, true",
        "POST, /engines/llama.cpp/v1/chat/completions, true",
        "POST, /v2/rerank, true",
        "GET, /v1/chat/completions, false",
        "POST, /api/show, false",
        "POST, /tokenize, false",
        "POST, /v1/messages/count_tokens, false",
        "POST, /v1/audio/transcriptions, false",
    })
    void inferencePathsAreKnown(String method, String path, boolean inference) {
        assertThat(PathRules.isInference(method, path)).isEqualTo(inference);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/chat, true, true",
        "/api/generate, true, true",
        "/api/show, true, false",
        "/api/embed, true, false",
        "/api/v0/chat/completions, false, false",
        "/api/v1/chat/completions, false, false",
        "/v1/chat/completions, false, false",
        "/x/api/chat, false, false",
    })
    void ollamasOwnPathsAreKnown(String path, boolean native_, boolean streams) {
        assertThat(PathRules.isOllamaNative(path)).isEqualTo(native_);
        assertThat(PathRules.streamsByDefault(path)).isEqualTo(streams);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, true",
        "/api/chat, true",
        "/, true",
        "/api/v1/pull, false",
        "/api/v1/load, false",
        "/api/v1/unload/, false",
        "/api/v1/DELETE, false",
        "/api/v1/%70ull, false",
    })
    void whatChangesAServerIsNotRepeated(String path, boolean repeatable) {
        assertThat(PathRules.isRepeatable(path)).isEqualTo(repeatable);
    }
}
