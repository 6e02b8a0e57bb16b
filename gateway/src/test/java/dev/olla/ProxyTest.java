package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RecordedRequest;
import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a request to the proxy routes looks like on both sides.
class ProxyTest {

    private static final String CHAT = "{\"model\":\"llama3.2\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final SimulatedServer ollama = SimulatedServer.ollama("box-a")
            .model("llama3.2:latest", 2_000_000_000L)
            .start();
    private final SimulatedServer vllm =
            SimulatedServer.vllm("rack-1").model("Qwen/Qwen3-8B").start();
    private final TestGateway gateway = TestGateway.before(ollama, vllm);

    @AfterEach
    void close() {
        gateway.close();
        ollama.close();
        vllm.close();
    }

    @Test
    void chatGoesToTheServerThatHoldsTheModel() {
        HttpResponse<String> answer = gateway.post("/olla/openai/v1/chat/completions", CHAT);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("box-a");
        assertThat(answer.headers().firstValue("X-Olla-Backend-Type")).hasValue("ollama");
        assertThat(answer.headers().firstValue("X-Olla-Model")).hasValue("llama3.2");
        assertThat(answer.headers().firstValue("X-Olla-Routing-Strategy")).hasValue("strict");
        assertThat(answer.headers().firstValue("X-Olla-Routing-Decision")).hasValue("routed");
        assertThat(answer.headers().firstValue("X-Olla-Routing-Reason")).hasValue("model_found");
        assertThat(answer.headers().firstValue("X-Olla-Response-Time").orElse(""))
                .matches("\\d+ms");
        assertThat(answer.headers().firstValue("X-Olla-Request-ID").orElse("")).matches("[a-z]+-[a-z]+-[0-9a-f]{4}");
        assertThat(answer.body()).contains("box-a says");
    }

    @Test
    void theServerSeesTheRequestAsItWasSent() {
        gateway.post("/olla/ollama/api/chat?x=%2F", CHAT, "X-Custom", "kept", "Authorization", "Bearer secret");
        RecordedRequest request = ollama.lastTo("/api/chat");
        assertThat(request.path()).isEqualTo("/api/chat?x=%2F");
        assertThat(request.bodyText()).isEqualTo(CHAT);
        assertThat(request.header("X-Custom")).isEqualTo("kept");
        assertThat(request.header("Authorization")).isNull();
        assertThat(request.header("X-Model")).isEqualTo("llama3.2");
        assertThat(request.header("X-Forwarded-For")).isEqualTo("127.0.0.1");
        assertThat(request.header("X-Proxied-By")).startsWith("Olla/");
        assertThat(request.header("Via")).startsWith("1.1 olla/");
        assertThat(request.header("Host")).isEqualTo("127.0.0.1:" + ollama.port());
        assertThat(request.header("Content-Length")).isEqualTo(String.valueOf(CHAT.length()));
    }

    @Test
    void aNameInOtherLetterCaseIsRewrittenToTheServersOwn() {
        HttpResponse<String> answer = gateway.post(
                "/olla/vllm/v1/chat/completions",
                "{ \"stream\" : false, \"model\" : \"qwen/qwen3-8b\", \"messages\":[]}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(vllm.lastTo("/v1/chat/completions").bodyText())
                .isEqualTo("{ \"stream\" : false, \"model\" : \"Qwen/Qwen3-8B\", \"messages\":[]}");
    }

    @Test
    void showOfAnUnknownModelIs404InOllamasWords() {
        HttpResponse<String> answer = gateway.post("/olla/proxy/api/show", "{\"name\":\"nobody\"}");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"error\":\"model 'nobody' not found\"}");
    }

    @Test
    void managementIs501InOllamasFormHoweverItIsSpelled() {
        for (String path :
                List.of("/api/pull", "/api/%70ull", "/api/pull/", "/api%2Fpull", "//api//pull", "/x/../api/pull")) {
            HttpResponse<String> answer = gateway.post("/olla/ollama" + path, "{\"model\":\"llama3.2\"}");
            assertThat(answer.statusCode()).as(path).isEqualTo(501);
            assertThat(answer.body()).isEqualTo("{\"error\":\"model management operations not supported by proxy\"}");
        }
        assertThat(ollama.recorded()).noneMatch(request -> request.path().contains("ull"));
    }

    @Test
    void anUnknownModelIs404InTheCallersFormat() {
        HttpResponse<String> openAi =
                gateway.post("/olla/openai/v1/chat/completions", "{\"model\":\"nobody\",\"messages\":[]}");
        assertThat(openAi.statusCode()).isEqualTo(404);
        JsonNode error = TestGateway.JSON.readTree(openAi.body()).get("error");
        assertThat(error.get("message").asString()).isEqualTo("model_not_found");
        assertThat(error.get("type").asString()).isEqualTo("invalid_request_error");
        assertThat(openAi.headers().firstValue("X-Olla-Routing-Decision")).hasValue("rejected");
        HttpResponse<String> native_ = gateway.post("/olla/ollama/api/chat", "{\"model\":\"nobody\",\"messages\":[]}");
        assertThat(native_.statusCode()).isEqualTo(404);
        assertThat(native_.body()).isEqualTo("{\"error\":\"model_not_found\"}");
    }

    @Test
    void aNameWithoutItsTagFindsTheModelsPageToo() {
        assertThat(gateway.get("/olla/models/llama3.2").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/olla/models/llama3.2:latest").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/olla/models/llama3.2:7b").statusCode()).isEqualTo(404);
    }
}
