package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAny;
import com.openai.errors.OpenAIServiceException;
import dev.olla.testbed.Fault;
import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Requests that servers of other formats turn down, can't be asked, or can't be reached for.
class TranslatedRefusalTest {

    @TempDir
    private Path folder;

    /// Each format asks servers of all the others.
    static Stream<Arguments> directions() {
        return Stream.of(ClientFormat.values())
                .flatMap(client -> Stream.of(OneFormat.values())
                        .filter(server -> !server.name().equals(client.name()))
                        .map(server -> Arguments.of(client, server)));
    }

    @ParameterizedTest
    @MethodSource("directions")
    void anErrorOfTheServerKeepsItsStatusAndMessageInTheClientsForm(ClientFormat client, OneFormat format) {
        try (SimulatedServer server = format.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", format.endpoint(server))) {
            for (int status : List.of(400, 404, 422, 429, 500, 503)) {
                for (boolean stream : List.of(false, true)) {
                    // One at a time, so that the probes stay well.
                    server.fault(Fault.status(status, "7"));
                    HttpResponse<String> answer = gateway.post(client.path(), client.body(OneFormat.MODEL, stream));
                    server.clearFault();

                    assertThat(answer.statusCode()).isEqualTo(status);
                    assertThat(client.message(answer)).isEqualTo("the simulated server was told to answer " + status);
                    assertThat(answer.headers().firstValue("Retry-After")).contains("7");
                    assertThat(answer.headers().firstValue("X-Olla-Mode")).contains("translation");
                    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
                }
                Eventually.await(
                        "the server is well again",
                        () -> gateway.json("/internal/status/endpoints")
                                        .path("routable_count")
                                        .asInt()
                                == 1);
            }
        }
    }

    @Test
    void theClientsLibrariesReadTheErrors() {
        try (SimulatedServer server = OneFormat.OLLAMA.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", OneFormat.OLLAMA.endpoint(server));
                SdkClients clients = SdkClients.of(gateway, "/olla/any")) {
            server.fault(Fault.status(429, "7"));
            AnthropicServiceException told = thrown(
                    AnthropicServiceException.class,
                    () -> clients.anthropic()
                            .client()
                            .messages()
                            .create(AnthropicSdk.question().addUserMessage("Hi").build()));
            assertThat(told.statusCode()).isEqualTo(429);
            assertThat(told.body().toString()).contains("rate_limit_error", "was told to answer 429");
            assertThat(told.headers().values("Retry-After")).containsExactly("7");
        }
    }

    private static <T extends Throwable> T thrown(Class<T> type, ThrowingCallable call) {
        return Assertions.catchThrowableOfType(type, call);
    }

    @ParameterizedTest
    @CsvSource({
        "OLLAMA, '\"n\":2,', n",
        "OLLAMA, '\"logprobs\":true,', logprobs",
        "OLLAMA, '\"tool_choice\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],', "
                + "tool_choice",
        "MESSAGES, '\"n\":2,', n",
        "MESSAGES, '\"logprobs\":true,', logprobs",
        "MESSAGES, '\"seed\":1,', seed"
    })
    void whatTheServersFormatCannotSayIsRefusedByItsName(OneFormat format, String fields, String name) {
        try (SimulatedServer server = format.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", format.endpoint(server))) {
            HttpResponse<String> answer =
                    gateway.post(ClientFormat.CHAT.path(), ClientFormat.CHAT.body(OneFormat.MODEL, true, fields));
            JsonNode error = TestGateway.JSON.readTree(answer.body()).path("error");

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(error.path("message").asString()).contains(name);
            assertThat(error.path("code").asString()).isEqualTo("unsupported_parameter");
            assertThat(server.requests(format.path())).isZero();
        }
    }

    @Test
    void theClientsLibraryReadsTheRefusal() {
        try (SimulatedServer server = OneFormat.OLLAMA.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", OneFormat.OLLAMA.endpoint(server));
                SdkClients clients = SdkClients.of(gateway, "/olla/openai")) {
            OpenAIServiceException told = thrown(
                    OpenAIServiceException.class,
                    () -> clients.openAi()
                            .chat()
                            .completions()
                            .create(ChatSdk.question().addUserMessage("Hi").n(2).build()));
            assertThat(told.statusCode()).isEqualTo(400);
            assertThat(told.code()).contains("unsupported_parameter");
        }
    }

    /// Ollama has no word for a call that must be made; a server of OpenAI's format has.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatOneServerCannotBeAskedGoesToAnother(boolean other) {
        MessageCreateParams question = AnthropicSdk.question()
                .addUserMessage("Hi")
                .addTool(Tool.builder()
                        .name("f")
                        .inputSchema(Tool.InputSchema.builder().build())
                        .build())
                .toolChoice(ToolChoiceAny.builder().build())
                .build();
        try (SimulatedServer ollama = OneFormat.OLLAMA.server("ollama").start();
                SimulatedServer chat = OneFormat.CHAT.server("chat").start();
                TestGateway gateway = other
                        ? OneFormat.gateway(
                                folder,
                                "proxy: {load_balancer: priority}\n",
                                first(OneFormat.OLLAMA.endpoint(ollama)),
                                OneFormat.CHAT.endpoint(chat))
                        : OneFormat.gateway(folder, "", OneFormat.OLLAMA.endpoint(ollama));
                SdkClients clients = SdkClients.of(gateway, "/olla/anthropic")) {
            if (other) {
                assertThat(clients.anthropic()
                                .client()
                                .messages()
                                .create(question)
                                .content())
                        .isNotEmpty();
                assertThat(chat.requests("/v1/chat/completions")).isEqualTo(1);
            } else {
                AnthropicServiceException told = thrown(
                        AnthropicServiceException.class,
                        () -> clients.anthropic().client().messages().create(question));
                assertThat(told.statusCode()).isEqualTo(400);
                assertThat(told.body().toString()).contains("invalid_request_error", "tool_choice");
            }
            assertThat(ollama.requests("/api/chat")).isZero();
        }
    }

    /// What happens to a server is noticed by requests alone.
    private static String seldomProbed(String endpoint) {
        return endpoint.replace("check_interval: 1s", "check_interval: 1h");
    }

    /// The first of them is asked before the other.
    private TestGateway before(OneFormat format, SimulatedServer first, SimulatedServer second) {
        return OneFormat.gateway(
                folder,
                "proxy: {load_balancer: priority}\n",
                first(seldomProbed(format.endpoint(first))),
                seldomProbed(format.endpoint(second)));
    }

    private static String first(String endpoint) {
        return endpoint.replace("{url", "{priority: 200, url");
    }

    @ParameterizedTest
    @MethodSource("directions")
    void aServerThatRefusesTheConnectionIsReplacedByTheNext(ClientFormat client, OneFormat format) {
        try (SimulatedServer dying = format.server("dying").start();
                SimulatedServer next = format.server("next").start();
                TestGateway gateway = before(format, dying, next)) {
            dying.stop();
            HttpResponse<String> answer = gateway.post(client.path(), client.body(OneFormat.MODEL, true));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("next says:", client.end());
            assertThat(answer.headers().firstValue("X-Olla-Endpoint")).contains("next");
        }
    }

    @ParameterizedTest
    @MethodSource("directions")
    void whereEveryServerRefusesTheConnectionTheClientGetsAStatus(ClientFormat client, OneFormat format) {
        try (SimulatedServer dying = format.server("dying").start();
                TestGateway gateway = OneFormat.gateway(folder, "", seldomProbed(format.endpoint(dying)))) {
            dying.stop();
            HttpResponse<String> answer = gateway.post(client.path(), client.body(OneFormat.MODEL, true));
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(client.message(answer)).contains("all endpoints failed with connection errors");
        }
    }

    /// Another server may do better; where none does, the last answer is told.
    @ParameterizedTest
    @MethodSource("directions")
    void aServerThatIsOverloadedIsReplacedByTheNext(ClientFormat client, OneFormat format) {
        try (SimulatedServer full = format.server("full").start();
                SimulatedServer next = format.server("next").start();
                TestGateway gateway = before(format, full, next)) {
            full.fault(Fault.status(503));
            HttpResponse<String> answer = gateway.post(client.path(), client.body(OneFormat.MODEL, true));
            assertThat(answer.body()).contains("next says:", client.end());
            next.fault(Fault.status(429, "3"));
            HttpResponse<String> last = gateway.post(client.path(), client.body(OneFormat.MODEL, true));
            assertThat(last.statusCode()).isIn(429, 503);
            assertThat(client.message(last)).contains("was told to answer");
        }
    }
}
