package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.RecordedRequest;
import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `count_tokens`: by a server that counts, else by an estimate.
class TokenCountTest {

    private static final String PATH = "/olla/anthropic/v1/messages/count_tokens";
    private static final String NATIVE = "/v1/messages/count_tokens";

    /// 40 bytes of text.
    private static final String ASKED =
            "{\"model\":\"MODEL\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(8) + "\"}]}";

    private static final String LIMIT = "translators: {anthropic: {max_message_size: 1000000}}\n";

    private final SimulatedServer counts =
            SimulatedServer.llamacpp("counts").model("exact").start();
    private final SimulatedServer guesses =
            SimulatedServer.openai("guesses").model("rough").start();
    private final TestGateway gateway =
            TestGateway.of(LIMIT + "model_aliases: {nick: [exact]}\n" + TestGateway.endpoints(counts, guesses));

    @AfterEach
    void close() {
        gateway.close();
        counts.close();
        guesses.close();
    }

    private static String asked(String model) {
        return ASKED.replace("MODEL", model);
    }

    private static long tokens(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode told = TestGateway.JSON.readTree(answer.body());
        assertThat(told.propertyNames()).containsExactly("input_tokens");
        return told.path("input_tokens").asLong();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages", "/messages", "/v1/v1/messages"})
    void everySpellingEstimates(String path) {
        assertThat(tokens(gateway.post("/olla/anthropic" + path + "/count_tokens", asked("rough"))))
                .isEqualTo(10);
        assertThat(guesses.requestsByPath().keySet()).noneMatch(asked -> asked.contains("messages"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"messages\":[]}", "{\"model\":\"nobody\",\"messages\":[]}", "{\"model\":5}", "{}"})
    void neitherAModelNorAnythingElseIsNeeded(String body) {
        assertThat(tokens(gateway.post(PATH, body))).isEqualTo(1);
    }

    @Test
    void aServerThatCountsIsAskedWithItsOwnNameForTheModel() {
        HttpResponse<String> answer =
                gateway.post(PATH, asked("nick"), "Authorization", "Bearer mine", "anthropic-beta", "b1");
        JsonNode direct = TestGateway.JSON.readTree(
                gateway.post("/olla/proxy" + NATIVE, asked("exact")).body());
        assertThat(tokens(answer)).isEqualTo(direct.path("input_tokens").asLong());
        assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("counts");
        RecordedRequest seen = counts.recorded().stream()
                .filter(request -> request.path().equals(NATIVE))
                .findFirst()
                .orElseThrow();
        assertThat(seen.bodyText()).isEqualTo(asked("exact"));
        assertThat(seen.header("anthropic-beta")).isEqualTo("b1");
        assertThat(seen.header("Authorization")).isNull();
    }

    @Test
    void theCredentialOfTheEndpointGoesAlong() {
        String yaml = LIMIT
                + TestGateway.endpoints(counts)
                        .replace("check_interval", "auth: {type: bearer, token: secret}, check_interval");
        try (TestGateway secret = TestGateway.of(yaml)) {
            tokens(secret.post(PATH, asked("exact"), "X-Api-Key", "mine"));
        }
        assertThat(counts.lastTo(NATIVE).header("Authorization")).isEqualTo("Bearer secret");
        assertThat(counts.lastTo(NATIVE).header("X-Api-Key")).isNull();
    }

    /// A gateway that has looked at the fleet and does so seldom: a fault is met by the count, not by a probe.
    private TestGateway thatHasLooked() {
        TestGateway seldom =
                TestGateway.of(TestGateway.endpoints(counts).replace("check_interval: 1s", "check_interval: 5m"));
        assertThat(counted(seldom.post(PATH, asked("exact")))).isTrue();
        return seldom;
    }

    private static boolean counted(HttpResponse<String> answer) {
        return tokens(answer) > 0
                && answer.headers().firstValue("X-Olla-Endpoint").isPresent();
    }

    @Test
    void aServerThatFailsToCountIsEstimatedFor() {
        try (TestGateway seldom = thatHasLooked()) {
            for (Fault fault : new Fault[] {
                Fault.status(404), Fault.status(500), Fault.malformedJson(), Fault.closeBeforeAnswer(), Fault.reset()
            }) {
                long before = counts.requests(NATIVE);
                counts.fault(fault);
                assertThat(counted(seldom.post(PATH, asked("exact"))))
                        .as(fault.toString())
                        .isFalse();
                assertThat(counts.requests(NATIVE)).as(fault.toString()).isGreaterThan(before);
            }
            counts.clearFault();
            assertThat(counted(seldom.post(PATH, asked("exact")))).isTrue();
        }
    }

    @Test
    void aServerThatIsSilentIsEstimatedForAfterAWhile() {
        try (TestGateway seldom = thatHasLooked()) {
            counts.fault(Fault.hang());
            assertThat(counted(seldom.post(PATH, asked("exact")))).isFalse();
            assertThat(counts.requests(NATIVE)).isEqualTo(2);
        }
    }

    @Test
    void aServerThatTakesNoWorkIsLeftAlone() {
        assertThat(gateway.post("/internal/endpoints/counts/drain", "").statusCode())
                .isEqualTo(200);
        assertThat(tokens(gateway.post(PATH, asked("exact")))).isEqualTo(10);
        assertThat(counts.requests(NATIVE)).isZero();
    }

    @Test
    void aServerThatDoesNotHoldTheModelIsLeftAlone() {
        assertThat(tokens(gateway.post(PATH, asked("rough")))).isEqualTo(10);
        assertThat(tokens(gateway.post(PATH, asked("nobody")))).isEqualTo(10);
        assertThat(counts.requests(NATIVE)).isZero();
    }

    @Test
    void largeBodiesAreCountedToo() {
        String text = "x".repeat(800_000);
        assertThat(tokens(gateway.post(PATH, asked("rough").replace("word", text.substring(0, 100_000)))))
                .isEqualTo((8 * 100_001) / 4);
        HttpResponse<String> counted = gateway.post(PATH, asked("exact").replace("word", text.substring(0, 100_000)));
        assertThat(tokens(counted)).isPositive();
        assertThat(counted.headers().firstValue("X-Olla-Endpoint")).hasValue("counts");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''               | failed to parse request: ",
                "{\"messages\":[  | failed to parse request: ",
                "[]               | failed to parse request: ",
                "{\"messages\":1} | failed to parse request: ",
                "{} {}            | failed to parse request: ",
            })
    void whatIsNoRequestIsRefused(String body, String message) {
        HttpResponse<String> answer = gateway.post(PATH, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode error = TestGateway.JSON.readTree(answer.body());
        assertThat(error.at("/error/type").asString()).isEqualTo("invalid_request_error");
        assertThat(error.at("/error/message").asString()).startsWith(message);
        assertThat(answer.headers().firstValue("request-id"))
                .hasValue(error.path("request_id").asString());
    }

    @Test
    void aBodyMayBeSoLong() {
        HttpResponse<String> answer = gateway.post(PATH, asked("rough") + " ".repeat(1_000_000));
        assertThat(answer.statusCode()).isEqualTo(413);
        JsonNode error = TestGateway.JSON.readTree(answer.body());
        assertThat(error.at("/error/type").asString()).isEqualTo("request_too_large");
        assertThat(error.at("/error/message").asString())
                .isEqualTo("request body exceeds maximum size of 1000000 bytes");
    }

    @Test
    void countingIsNotCounted() {
        tokens(gateway.post(PATH, asked("rough")));
        tokens(gateway.post(PATH, asked("exact")));
        assertThat(gateway.json("/internal/stats/translators").path("translators"))
                .isEmpty();
    }
}
