package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.core.http.StreamResponse;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.ollama.OllamaEmbeddingModel;
import dev.langchain4j.model.ollama.OllamaLanguageModel;
import dev.langchain4j.model.ollama.OllamaStreamingLanguageModel;
import dev.langchain4j.model.output.Response;
import dev.olla.testbed.SimulatedServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Completions and embeddings of one format from servers of the other, by the public clients.
class LegacyCallsTest {

    private static final String WORDS = "box says: w1 w2 w3";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"/olla/openai", "/olla/proxy", "/olla/any"})
    void aCompletionComesFromAServerOfOllamasFormat(String route) {
        try (SimulatedServer server = OneFormat.OLLAMA.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", OneFormat.OLLAMA.endpoint(server));
                SdkClients clients = SdkClients.of(gateway, route)) {
            CompletionCreateParams question = CompletionCreateParams.builder()
                    .model(OneFormat.MODEL)
                    .prompt("Once upon a time")
                    .build();

            Completion whole = clients.openAi().completions().create(question);
            assertThat(whole.choices().getFirst().text()).isEqualTo(WORDS);
            assertThat(whole.usage().orElseThrow().completionTokens()).isEqualTo(4);
            try (StreamResponse<Completion> pieces =
                    clients.openAi().completions().createStreaming(question)) {
                assertThat(pieces.stream()
                                .flatMap(piece -> piece.choices().stream())
                                .map(choice -> choice.text())
                                .collect(Collectors.joining()))
                        .isEqualTo(WORDS);
            }
            assertThat(server.lastTo("/api/generate").bodyText()).contains("Once upon a time");
        }
    }

    /// The library asks for base64, which Ollama has no notion of.
    @ParameterizedTest
    @ValueSource(strings = {"/olla/openai", "/olla/any"})
    void vectorsComeFromAServerOfOllamasFormat(String route) {
        try (SimulatedServer server = OneFormat.OLLAMA.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", OneFormat.OLLAMA.endpoint(server));
                SdkClients clients = SdkClients.of(gateway, route)) {
            CreateEmbeddingResponse vectors = clients.openAi()
                    .embeddings()
                    .create(EmbeddingCreateParams.builder()
                            .model(OneFormat.MODEL)
                            .inputOfArrayOfStrings(List.of("one", "two"))
                            .build());

            List<List<Float>> found =
                    vectors.data().stream().map(Embedding::embedding).toList();
            assertThat(found).hasSize(2);
            assertThat(found.getFirst()).isNotEmpty().isNotEqualTo(found.getLast());
            assertThat(vectors.usage().promptTokens()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({"/olla/ollama, CHAT", "/olla/any, CHAT", "/olla/ollama, MESSAGES", "/olla/any, MESSAGES"})
    void aPromptOfOllamasIsAnsweredByAServerOfAnotherFormat(String route, OneFormat format) {
        try (SimulatedServer server = format.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", format.endpoint(server))) {
            Response<String> whole = OllamaLanguageModel.builder()
                    .baseUrl(gateway.uri(route).toString())
                    .modelName(OneFormat.MODEL)
                    .maxRetries(0)
                    .build()
                    .generate("Once upon a time");
            Response<String> streamed = streamed(gateway.uri(route).toString());

            assertThat(List.of(whole.content(), streamed.content())).containsOnly(WORDS);
            assertThat(Objects.requireNonNull(whole.tokenUsage()).outputTokenCount())
                    .isEqualTo(4);
            assertThat(server.lastTo(format.path()).bodyText()).contains("Once upon a time");
        }
    }

    private static Response<String> streamed(String base) {
        CompletableFuture<Response<String>> answer = new CompletableFuture<>();
        OllamaStreamingLanguageModel.builder()
                .baseUrl(base)
                .modelName(OneFormat.MODEL)
                .build()
                .generate("Once upon a time", new StreamingResponseHandler<>() {
                    @Override
                    public void onNext(String token) {}

                    @Override
                    public void onComplete(Response<String> response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        answer.completeExceptionally(error);
                    }
                });
        return answer.join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/olla/ollama", "/olla/any"})
    void ollamasVectorsComeFromAServerOfOpenAisFormat(String route) {
        try (SimulatedServer server = OneFormat.CHAT.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", OneFormat.CHAT.endpoint(server))) {
            var vectors = OllamaEmbeddingModel.builder()
                    .baseUrl(gateway.uri(route).toString())
                    .modelName(OneFormat.MODEL)
                    .maxRetries(0)
                    .build()
                    .embedAll(List.of(TextSegment.from("one"), TextSegment.from("two")))
                    .content();

            assertThat(vectors).hasSize(2);
            assertThat(vectors.getFirst().vector())
                    .isNotEmpty()
                    .isNotEqualTo(vectors.getLast().vector());
            JsonNode single = TestGateway.JSON.readTree(
                    gateway.post(route + "/api/embeddings", "{\"model\":\"qwen3:8b\",\"prompt\":\"one\"}")
                            .body());
            assertThat(single.path("embedding").size())
                    .isEqualTo(vectors.getFirst().dimension());
        }
    }

    /// As Ollama's clients load and unload models; servers of other kinds have no such notion and aren't asked.
    @Test
    void loadingAndUnloadingIsAnsweredWithoutAskingAServerOfAnotherFormat() {
        try (SimulatedServer server = OneFormat.CHAT.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", OneFormat.CHAT.endpoint(server))) {
            long before = server.requests("/v1/chat/completions");
            JsonNode load = answer(gateway, "/olla/ollama/api/generate", "{\"model\":\"qwen3:8b\"}");
            JsonNode unload =
                    answer(gateway, "/olla/any/api/chat", "{\"model\":\"qwen3:8b\",\"messages\":[],\"keep_alive\":0}");

            assertThat(load.path("done_reason").asString()).isEqualTo("load");
            assertThat(load.path("done").asBoolean()).isTrue();
            assertThat(unload.path("done_reason").asString()).isEqualTo("unload");
            assertThat(server.requests("/v1/chat/completions")).isEqualTo(before);
        }
    }

    private static JsonNode answer(TestGateway gateway, String path, String body) {
        return TestGateway.JSON.readTree(gateway.post(path, body).body());
    }
}
