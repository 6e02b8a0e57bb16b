package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.RecordedRequest;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// One name for what three servers call differently.
class AliasTest {

    private static final String CHAT = "/olla/proxy/v1/chat/completions";
    private static final String BODY =
            "{ \"messages\" : [{\"role\":\"user\",\"content\":\"model: fast \\\"model\\\"\"}],\n \"model\" : \"%s\" , \"x\":1}";

    private static final String ALIASES = """
            model_aliases:
              Fast: [big-model, small-model, "llama3.2:3b"]
              m2: [nobody-has-it]
              small-model: [other-name, small-model]
            """;

    private final SimulatedServer one =
            SimulatedServer.vllm("one").model("small-model").model("big-model").start();
    private final SimulatedServer two =
            SimulatedServer.lmStudio("two").model("small-model").start();
    private final SimulatedServer three =
            SimulatedServer.ollama("three").model("llama3.2:3b").start();
    private final String servers = TestGateway.endpoints(one, two, three);
    private final TestGateway gateway = TestGateway.of(servers + "proxy: {load_balancer: round-robin}\n" + ALIASES);

    @AfterEach
    void close() {
        gateway.close();
        one.close();
        two.close();
        three.close();
    }

    @Test
    void everyServerGetsTheFirstOfTheListThatItHoldsAndNothingElseChanges() {
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = gateway.post(CHAT, BODY.formatted("fast"));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-Olla-Routing-Strategy")).hasValue("alias");
            assertThat(answer.headers().firstValue("X-Olla-Routing-Decision")).hasValue("routed");
            assertThat(answer.headers().firstValue("X-Olla-Routing-Reason"))
                    .hasValue("alias \"Fast\" resolved to 3 endpoint(s)");
            assertThat(answer.headers().firstValue("X-Olla-Model")).hasValue("fast");
        }
        assertThat(bodies(one)).containsExactly(BODY.formatted("big-model"));
        assertThat(bodies(two)).containsExactly(BODY.formatted("small-model"));
        assertThat(bodies(three)).containsExactly(BODY.formatted("llama3.2:3b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "FAST", "Fast", " fast "})
    void letterCaseDoesNotCount(String spelled) {
        assertThat(gateway.post(CHAT, BODY.formatted(spelled)).statusCode()).isEqualTo(200);
    }

    @Test
    void everyAttemptWritesTheNameOfItsOwnServer() {
        one.fault(Fault.closeBeforeAnswer());
        two.stop();
        HttpResponse<String> answer = gateway.post(CHAT, BODY.formatted("fast"));
        assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("three");
        assertThat(bodies(three)).containsExactly(BODY.formatted("llama3.2:3b"));
    }

    @Test
    void aLargeChunkedBodyIsRewrittenInPlace() throws IOException {
        String filling = "f".repeat(700_000);
        String body = "{\"a\":\"" + filling + "\",\"model\":\"fast\",\"b\":\"" + filling + "\"}";
        StringBuilder chunks = new StringBuilder();
        for (int from = 0; from < body.length(); from += 60_001) {
            String piece = body.substring(from, Math.min(body.length(), from + 60_001));
            chunks.append(Integer.toHexString(piece.length()))
                    .append("\r\n")
                    .append(piece)
                    .append("\r\n");
        }
        try (RawClient client = gateway.raw()) {
            client.send("POST " + CHAT + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
                    + "0\r\n\r\n");
            RawResponse answer = client.readResponse();
            assertThat(answer.header("X-Olla-Endpoint")).isEqualTo("one");
        }
        assertThat(bodies(one)).containsExactly(body.replace("\"fast\"", "\"big-model\""));
    }

    @Test
    void anAliasComesBeforeAModelOfThatNameAndMayListItself() {
        HttpResponse<String> answer = gateway.post(CHAT, BODY.formatted("small-model"));
        assertThat(answer.headers().firstValue("X-Olla-Routing-Reason"))
                .hasValue("alias \"small-model\" resolved to 2 endpoint(s)");
        assertThat(Stream.concat(bodies(one).stream(), bodies(two).stream()))
                .containsExactly(BODY.formatted("small-model"));
    }

    @Test
    void anAliasOfWhatNobodyHoldsIsAnOrdinaryName() {
        HttpResponse<String> answer = gateway.post(CHAT, BODY.formatted("m2"));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("X-Olla-Routing-Strategy")).hasValue("strict");
        assertThat(answer.headers().firstValue("X-Olla-Routing-Reason")).hasValue("model_not_found");
    }

    @Test
    void aRouteOfOneKindUsesTheServersOfThatKind() {
        HttpResponse<String> answer = gateway.post("/olla/ollama/api/chat", "{\"model\":\"fast\",\"messages\":[]}");
        assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("three");
        assertThat(bodies(three)).containsExactly("{\"model\":\"llama3.2:3b\",\"messages\":[]}");
    }

    @Test
    void listsShowAliasesThatLeadSomewhereOnceAndSorted() {
        Eventually.await(
                "all models are known",
                () -> ids("/olla/proxy/v1/models", "data", "id").size() == 4);
        assertThat(ids("/olla/proxy/v1/models", "data", "id"))
                .containsExactly("Fast", "big-model", "llama3.2:3b", "small-model");
        assertThat(ids("/olla/models", "data", "id"))
                .containsExactly("Fast", "big-model", "llama3.2:3b", "small-model");
        assertThat(ids("/olla/vllm/v1/models", "data", "id")).containsExactly("Fast", "big-model", "small-model");
        assertThat(ids("/olla/ollama/api/tags", "models", "name")).containsExactly("Fast", "llama3.2:3b");
        assertThat(ids("/olla/ollama/api/tags", "models", "model")).containsExactly("Fast", "llama3.2:3b");
        assertThat(ids("/olla/lmstudio/api/v0/models", "data", "id")).containsExactly("Fast", "small-model");
        assertThat(gateway.json("/olla/models/fast").get("id").asString()).isEqualTo("Fast");
        assertThat(gateway.get("/olla/models/m2").statusCode()).isEqualTo(404);
    }

    @Test
    void aReloadBringsOtherAliases() {
        assertThat(gateway.reload(servers + "model_aliases: {quick: [big-model]}\n")
                        .changed())
                .contains("model_aliases.quick", "model_aliases.Fast");
        assertThat(gateway.post(CHAT, BODY.formatted("fast")).statusCode()).isEqualTo(404);
        assertThat(gateway.post(CHAT, BODY.formatted("quick")).statusCode()).isEqualTo(200);
    }

    private List<String> ids(String path, String list, String field) {
        List<String> ids = new ArrayList<>();
        for (JsonNode item : gateway.json(path).get(list)) {
            ids.add(item.get(field).asString());
        }
        return ids;
    }

    private static List<String> bodies(SimulatedServer server) {
        return server.recorded().stream()
                .filter(request -> request.path().contains("chat"))
                .map(RecordedRequest::bodyText)
                .toList();
    }
}
