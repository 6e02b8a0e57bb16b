package dev.olla;

import static dev.olla.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What the keys do that tell how requests are translated between formats.
final class FormatKeyEffects {

    private static final String MESSAGES = "/olla/anthropic/v1/messages";
    private static final String RESPONSES = "/olla/openai/v1/responses";
    private static final String ASKED =
            "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String STREAM = ASKED.replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"");
    private static final String OLLAMA = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private FormatKeyEffects() {}

    static List<KeyEffect> all() {
        return List.of(
                new KeyEffect("proxy.cold_start_grace", "100ms", FormatKeyEffects::opensEarly),
                new KeyEffect("proxy.cold_start_interval", "100ms", FormatKeyEffects::keepsAlive),
                new KeyEffect("proxy.translate", "false", FormatKeyEffects::staysWithinTheFormat),
                new KeyEffect("proxy.max_translated_answer", "100B", FormatKeyEffects::refusesLongAnswers),
                new KeyEffect("translators.anthropic.enabled", "false", FormatKeyEffects::hasNoMessages),
                new KeyEffect("translators.anthropic.passthrough_enabled", "false", FormatKeyEffects::translatesAll),
                new KeyEffect("translators.anthropic.prefer_native", "false", FormatKeyEffects::sharesWithOthers),
                new KeyEffect("translators.anthropic.max_message_size", "50B", FormatKeyEffects::refusesLongRequests),
                new KeyEffect("translators.anthropic.inspector.enabled", "true", FormatKeyEffects::writesDown),
                new KeyEffect("translators.anthropic.inspector.output_dir", folder(), FormatKeyEffects::writesThere),
                new KeyEffect(
                        "translators.anthropic.inspector.session_header", "X-Talk", FormatKeyEffects::writesByName),
                new KeyEffect("responses.store.max_entries", "0", FormatKeyEffects::forgetsResponses),
                new KeyEffect("responses.store.max_bytes", "50B", FormatKeyEffects::forgetsResponses),
                new KeyEffect("responses.store.ttl", "1ms", FormatKeyEffects::forgetsResponses));
    }

    private static SimulatedServer chatOnly() {
        return SimulatedServer.openai("box").model("m").start();
    }

    private static SimulatedServer slow() {
        return SimulatedServer.openai("box")
                .model("m")
                .timeToFirstToken(Duration.ofSeconds(1))
                .start();
    }

    /// The server thinks for a second.
    private static void opensEarly(Setting setting) {
        try (SimulatedServer server = slow();
                TestGateway gateway = setting.before(server)) {
            assertThat(gateway.post(MESSAGES, STREAM).body())
                    .contains("event: ping")
                    .contains("event: message_stop");
        }
    }

    private static void keepsAlive(Setting setting) {
        try (SimulatedServer server = slow();
                TestGateway gateway = setting.before(server, "proxy.cold_start_grace", "100ms")) {
            String body = gateway.post(MESSAGES, STREAM).body();
            assertThat(body.split("event: ping", -1)).hasSizeGreaterThan(3);
        }
    }

    private static void staysWithinTheFormat(Setting setting) {
        try (SimulatedServer server = chatOnly();
                SimulatedServer ollama =
                        SimulatedServer.ollama("other").model("o").start();
                TestGateway gateway = setting.before(List.of(server, ollama))) {
            assertThat(gateway.post("/olla/ollama/api/chat", OLLAMA).statusCode())
                    .isEqualTo(503);
        }
    }

    private static void refusesLongAnswers(Setting setting) {
        try (SimulatedServer server = chatOnly();
                TestGateway gateway = setting.before(server)) {
            HttpResponse<String> answer = gateway.post(MESSAGES, ASKED);
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains(setting.key());
        }
    }

    private static void hasNoMessages(Setting setting) {
        try (SimulatedServer server = chatOnly();
                TestGateway gateway = setting.before(server)) {
            assertThat(gateway.post(MESSAGES, ASKED).statusCode()).isEqualTo(404);
        }
    }

    private static void translatesAll(Setting setting) {
        try (SimulatedServer server = SimulatedServer.vllm("box").model("m").start();
                TestGateway gateway = setting.before(server)) {
            assertThat(gateway.post(MESSAGES, ASKED).headers().firstValue("X-Olla-Mode"))
                    .hasValue("translation");
        }
    }

    /// Of two equals each gets its turn, though only one of them speaks the format.
    private static void sharesWithOthers(Setting setting) {
        try (SimulatedServer speaks = SimulatedServer.vllm("speaks").model("m").start();
                SimulatedServer learns = chatOnly();
                TestGateway gateway = setting.before(List.of(speaks, learns), "proxy.load_balancer", "round-robin")) {
            assertThat(List.of(mode(gateway), mode(gateway))).contains("translation");
        }
    }

    private static String mode(TestGateway gateway) {
        return gateway.post(MESSAGES, ASKED).headers().firstValue("X-Olla-Mode").orElseThrow();
    }

    private static void refusesLongRequests(Setting setting) {
        try (SimulatedServer server = chatOnly();
                TestGateway gateway = setting.before(server)) {
            assertThat(gateway.post(MESSAGES, ASKED).statusCode()).isEqualTo(413);
        }
    }

    private static void forgetsResponses(Setting setting) {
        try (SimulatedServer server = chatOnly();
                TestGateway gateway = setting.before(server)) {
            String id = TestGateway.JSON
                    .readTree(gateway.post(RESPONSES, "{\"model\":\"m\",\"input\":\"hi\"}")
                            .body())
                    .path("id")
                    .asString();
            String next = "{\"model\":\"m\",\"input\":\"and?\",\"previous_response_id\":\"" + id + "\"}";
            await(
                    "the response is forgotten",
                    () -> gateway.post(RESPONSES, next).statusCode() == 404);
        }
    }

    private static String folder() {
        try {
            return Files.createTempDirectory("olla-inspector").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writesDown(Setting setting) {
        String folder = folder();
        try (SimulatedServer server = chatOnly();
                TestGateway gateway = setting.before(server, "translators.anthropic.inspector.output_dir", folder)) {
            gateway.post(MESSAGES, ASKED);
            awaitFile(folder, "default.jsonl");
        }
    }

    private static void writesThere(Setting setting) {
        try (SimulatedServer server = chatOnly();
                TestGateway gateway = setting.before(server, "translators.anthropic.inspector.enabled", "true")) {
            gateway.post(MESSAGES, ASKED);
            awaitFile(setting.value(), "default.jsonl");
        }
    }

    private static void writesByName(Setting setting) {
        String folder = folder();
        try (SimulatedServer server = chatOnly();
                TestGateway gateway = setting.before(
                        server,
                        "translators.anthropic.inspector.enabled",
                        "true",
                        "translators.anthropic.inspector.output_dir",
                        folder)) {
            gateway.post(MESSAGES, ASKED, setting.value(), "one");
            awaitFile(folder, "one.jsonl");
        }
    }

    private static void awaitFile(String folder, String name) {
        await(name + " in " + folder, () -> {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                return files.anyMatch(file -> file.endsWith(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
