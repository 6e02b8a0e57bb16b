package dev.olla;

import static dev.olla.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The paths of Anthropic's API: what answers there, by which methods, and in which form it refuses.
class AnthropicRoutesTest {

    private static final String ASKED =
            "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String MESSAGES = "/olla/anthropic/v1/messages";
    private static final String LIMITS = """
            server:
              request_limits: {max_body_size: 100000, max_header_size: 8192}
            translators:
              anthropic: {max_message_size: 2000}
            """;

    private static final SimulatedServer SPEAKS =
            SimulatedServer.vllm("speaks").model("m").start();
    private static final SimulatedServer LEARNS =
            SimulatedServer.openai("learns").model("t").start();
    private static final TestGateway GATEWAY = TestGateway.of(LIMITS + TestGateway.endpoints(SPEAKS, LEARNS));

    @AfterAll
    static void close() {
        GATEWAY.close();
        SPEAKS.close();
        LEARNS.close();
    }

    /// An error in the form of the API, which names its request by the id that the header has.
    private static void assertError(HttpResponse<String> answer, int status, String type, String message) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = TestGateway.JSON.readTree(answer.body());
        assertThat(error.path("type").asString()).isEqualTo("error");
        assertThat(error.at("/error/type").asString()).isEqualTo(type);
        assertThat(error.at("/error/message").asString()).isEqualTo(message);
        String id = answer.headers().firstValue("request-id").orElseThrow();
        assertThat(answer.headers().allValues("X-Olla-Request-ID")).containsExactly(id);
        assertThat(error.path("request_id").asString()).isEqualTo(id);
    }

    private static HttpResponse<String> send(String method, String path) {
        return GATEWAY.send(
                HttpRequest.newBuilder(GATEWAY.uri(path)).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages", "/messages", "/v1/v1/messages"})
    void everySpellingAnswers(String path) {
        HttpResponse<String> answer = GATEWAY.post("/olla/anthropic" + path, ASKED);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(TestGateway.JSON.readTree(answer.body()).path("type").asString())
                .isEqualTo("message");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /v1/messages,              POST",
        "PUT,    /v1/v1/messages,           POST",
        "DELETE, /messages,                 POST",
        "GET,    /v1/messages/count_tokens, POST",
        "POST,   /v1/models,                'GET, HEAD'",
        "POST,   /models,                   'GET, HEAD'",
        "DELETE, /v1/models/m,              'GET, HEAD'",
    })
    void aWrongMethodIsToldWhichAreRight(String method, String path, String allow) {
        HttpResponse<String> answer = send(method, "/olla/anthropic" + path);
        assertError(answer, 405, "invalid_request_error", "method not allowed");
        assertThat(answer.headers().firstValue("Allow")).hasValue(allow);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/v1",
                "/v1/messages/",
                "/v1/messages/batches",
                "/v1/messages/batches/msgbatch_1/results",
                "/v1/files",
                "/v1/files/file_1/content",
                "/v1/messages/count_tokens/",
                "/v1/complete",
            })
    void everythingElseIsNotFound(String path) {
        assertError(send("GET", "/olla/anthropic" + path), 404, "not_found_error", "404 page not found");
        assertError(send("POST", "/olla/anthropic" + path), 404, "not_found_error", "404 page not found");
    }

    @Test
    void theRoutesCanBeSwitchedOff() {
        try (TestGateway off =
                TestGateway.of("translators: {anthropic: {enabled: false}}\n" + TestGateway.endpoints(SPEAKS))) {
            assertError(off.post(MESSAGES, ASKED), 404, "not_found_error", "404 page not found");
            assertError(off.post(MESSAGES + "/count_tokens", ASKED), 404, "not_found_error", "404 page not found");
            assertError(off.get("/olla/anthropic/v1/models"), 404, "not_found_error", "404 page not found");
            assertThat(off.post("/olla/any/v1/messages", ASKED).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {MESSAGES, "/olla/any/v1/messages"})
    void theIdOfARequestIsToldInBothModes(String path) {
        for (String model : new String[] {"m", "t"}) {
            for (String stream : new String[] {"false", "true"}) {
                String asked = ASKED.replace("\"m\"", '"' + model + "\",\"stream\":" + stream);
                HttpResponse<String> answer = GATEWAY.post(path, asked, "X-Request-ID", "mine-1");
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.headers().allValues("request-id")).containsExactly("mine-1");
                assertThat(answer.headers().firstValue("X-Olla-Request-ID")).hasValue("mine-1");
                assertThat(answer.headers().firstValue("X-Olla-Mode"))
                        .hasValue(model.equals("m") ? "passthrough" : "translation");
            }
        }
    }

    @Test
    void otherRoutesHaveNoIdOfThatName() {
        HttpResponse<String> answer = GATEWAY.post("/olla/openai/v1/chat/completions", ASKED);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("request-id")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                    | empty request body",
                "{}                    | model field is required (body may not be valid JSON)",
                "{\"mod                | model field is required (body may not be valid JSON)",
                "not json              | model field is required (body may not be valid JSON)",
                "{\"x\":{\"model\":1}} | model field is required (body may not be valid JSON)",
                "{\"model\":null}      | model field must be a string, got null",
                "{\"model\":7}         | model field must be a string, got number",
                "{\"model\":true}      | model field must be a string, got boolean",
                "{\"model\":[\"m\"]}   | model field must be a string, got array",
                "{\"model\":{}}        | model field must be a string, got object",
                "{\"model\":\"\"}      | model field must not be empty",
                "{\"model\":\"  \"}    | model field must not be empty",
            })
    void aRequestHasToNameItsModel(String body, String message) {
        for (String path : new String[] {MESSAGES, "/olla/any/v1/messages"}) {
            assertError(GATEWAY.post(path, body), 400, "invalid_request_error", message);
        }
    }

    @Test
    void theModelIsReadWhateverTheBodyIsCalled() {
        HttpResponse<String> answer = GATEWAY.post(MESSAGES, ASKED, "Content-Type", "application/octet-stream");
        assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("speaks");
        assertThat(answer.headers().firstValue("X-Olla-Model")).hasValue("m");
    }

    @ParameterizedTest
    @ValueSource(strings = {MESSAGES, "/olla/any/v1/messages"})
    void aMessageMayBeSoLong(String path) {
        String asked = padded(2000);
        assertThat(GATEWAY.post(path, asked).statusCode()).isEqualTo(200);
        assertError(
                GATEWAY.post(path, asked + " "),
                413,
                "request_too_large",
                "request body exceeds maximum size (2000 bytes)");
    }

    private static String padded(int length) {
        return ASKED + " ".repeat(length - ASKED.length());
    }

    @Test
    void theLimitsOfTheServerAreToldInTheFormOfTheApi() throws IOException {
        assertError(GATEWAY.post(MESSAGES, padded(100_001)), 413, "request_too_large", "Request body too large");
        try (RawClient client = GATEWAY.raw()) {
            client.send("POST " + MESSAGES + " HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(9000) + "\r\n\r\n");
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(431);
            JsonNode error = TestGateway.JSON.readTree(answer.body());
            assertThat(error.at("/error/type").asString()).isEqualTo("invalid_request_error");
            assertThat(error.path("request_id").asString()).isEqualTo(answer.header("request-id"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages", "/v1/messages/count_tokens", "/v1/models"})
    void limitsOnRequestsHold(String path) {
        String yaml = """
                server:
                  rate_limits: {global_requests_per_minute: 0, per_ip_requests_per_minute: 1, burst_size: 1}
                """;
        try (TestGateway limited = TestGateway.of(yaml + TestGateway.endpoints(SPEAKS), Map.of(), new FakeTime())) {
            HttpResponse<String> first = ask(limited, path);
            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            HttpResponse<String> second = ask(limited, path);
            assertError(second, 429, "rate_limit_error", "Too Many Requests");
            assertThat(second.headers().firstValue("Retry-After")).isPresent();
        }
    }

    private static HttpResponse<String> ask(TestGateway limited, String path) {
        String whole = "/olla/anthropic" + path;
        return path.endsWith("models") ? limited.get(whole) : limited.post(whole, ASKED);
    }

    @ParameterizedTest
    @CsvSource({"m, 429", "t, 429", "m, 503", "t, 503"})
    void clientsHearWhenToComeAgain(String model, int status) {
        SimulatedServer server = model.equals("m") ? SPEAKS : LEARNS;
        await(
                "the server is up",
                () -> GATEWAY.post(MESSAGES, ASKED.replace("\"m\"", '"' + model + '"'))
                                .statusCode()
                        == 200);
        server.fault(Fault.status(status, "7"));
        try {
            HttpResponse<String> answer = GATEWAY.post(MESSAGES, ASKED.replace("\"m\"", '"' + model + '"'));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.headers().firstValue("request-id"))
                    .hasValue(answer.headers().firstValue("X-Olla-Request-ID").orElseThrow());
        } finally {
            server.clearFault();
            await(
                    "the server is up again",
                    () -> GATEWAY.post(MESSAGES, ASKED.replace("\"m\"", '"' + model + '"'))
                                    .statusCode()
                            == 200);
        }
    }

    @Test
    void anUnknownModelIsNotFound() {
        HttpResponse<String> answer = GATEWAY.post(MESSAGES, ASKED.replace("\"m\"", "\"nobody\""));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(TestGateway.JSON.readTree(answer.body()).at("/error/type").asString())
                .isEqualTo("not_found_error");
    }

    @Test
    void refusedRequestsCountAsFailed() {
        try (TestGateway own = TestGateway.of(LIMITS + TestGateway.endpoints(SPEAKS))) {
            assertThat(own.post(MESSAGES, "{}").statusCode()).isEqualTo(400);
            assertThat(own.post(MESSAGES, padded(2001)).statusCode()).isEqualTo(413);
            JsonNode entry =
                    own.json("/internal/stats/translators").path("translators").get(0);
            assertThat(entry.path("failed_requests").asInt()).isEqualTo(2);
            assertThat(entry.path("translation_requests").asInt()).isEqualTo(2);
        }
    }
}
