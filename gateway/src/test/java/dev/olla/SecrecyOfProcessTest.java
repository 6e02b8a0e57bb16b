package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Plants secrets in every place of a configuration and of requests, runs the program at debug, and looks for
/// them in all that it writes and answers.
class SecrecyOfProcessTest {

    /// Part of every secret; the second is the first after `Basic`.
    private static final List<String> TRACES = List.of("pl4nted", "X-Planted", "cGw0bnRlZ");

    private static final Map<String, String> ENVIRONMENT =
            Map.of("PLANTED", "pl4nted-variable", "OLLA_FILE_OUTPUT", "true", "OLLA_LOG_LEVEL", "debug");

    private static final String CLIENT = """
            Authorization: Bearer pl4nted-client\r
            Proxy-Authorization: Basic cGw0bnRlZDpwbDRudGVk\r
            Cookie: session=pl4nted\r
            X-Api-Key: pl4nted\r
            X-Auth-Token: pl4nted\r
            """;

    @TempDir
    private Path folder;

    private final int port = FaultListener.closedPort();
    private final List<String> shown = new ArrayList<>();

    private String yaml(String format, String server) throws IOException {
        Files.writeString(folder.resolve("secret"), "pl4nted-in-a-file\n");
        return """
                server: {host: 127.0.0.1, port: %d}
                logging: {level: debug, format: %s, output: file}
                discovery:
                  static:
                    endpoints:
                      - {name: a, url: "%s/?api_key=pl4nted#pl4nted", type: vllm, check_interval: 4s,
                         health_check_url: "/health?token=pl4nted", model_url: "/v1/models?token=pl4nted",
                         auth: {type: bearer, token_file: secret}, headers: {X-Planted: "${PLANTED}"}}
                      - {name: b, url: "http://127.0.0.1:1/?k=pl4nted", type: vllm, check_interval: 4s,
                         auth: {type: api_key, key: pl4nted, header: X-Planted-Key}}
                      - {name: c, url: "https://127.0.0.1:%d/?k=pl4nted", type: vllm, check_interval: 4s,
                         auth: {type: basic, username: "${NONE:-pl4nted}", password_file: secret}}
                """.formatted(port, format, server, port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "text"})
    void nothingThatIsWrittenOrAnsweredHoldsASecret(String format) throws Exception {
        try (SimulatedServer server = SimulatedServer.vllm("a").model("m").start()) {
            Path config = Files.writeString(
                    folder.resolve("config.yaml"), yaml(format, server.uri().toString()));
            assertThat(run("--validate-config").waitFor(20, TimeUnit.SECONDS)).isTrue();
            Process process = run();
            try {
                Eventually.await(
                        "it has found its server",
                        () -> ask("GET", "/internal/status/endpoints", "").contains("\"healthy_count\":1"));
                requests();
                server.stop();
                ask("POST", "/olla/proxy/v1/chat/completions?key=pl4nted", "{\"model\":\"m\"}");
                Files.writeString(config, yaml(format, "http://bob:pl4nted@gpu") + "pl4nted@x: {pl4nted: [}\n");
                assertThat(ask("POST", "/internal/reload", "")).contains("refused");
                Files.writeString(config, yaml(format, "http://bob:pl4nted@gpu"));
                assertThat(ask("POST", "/internal/reload", "")).contains("refused");
                requests();
            } finally {
                process.toHandle().destroy();
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(run("--validate-config").waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(run().waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertNothingShown();
    }

    private void requests() {
        for (String page : List.of(
                "/version",
                "/internal/health",
                "/internal/status",
                "/internal/status/endpoints",
                "/internal/status/models?detailed=true&token=pl4nted",
                "/olla/models",
                "/olla/models?format=vllm",
                "/olla/models/pl4%6Eted",
                "/olla/vllm/v1/models",
                "/olla/nowhere?token=pl4nted",
                "http://bob:pl4nted@olla/olla/nowhere")) {
            ask("GET", page, "");
        }
        for (String body :
                List.of("{\"model\":\"m\",\"messages\":[]}", "{\"model\":\"m\",\"user\":\"pl4nted\"", "{}")) {
            ask("POST", "/olla/proxy/v1/chat/completions?token=pl4nted&password=pl4nted", body);
        }
    }

    private String ask(String method, String target, String body) {
        try (RawClient client = RawClient.connect(port)) {
            client.send(method, target, CLIENT, body);
            var answer = client.readResponse();
            String text = answer.head() + answer.body();
            shown.add(text);
            return text;
        } catch (IOException _) {
            return "";
        }
    }

    private Process run(String... arguments) throws IOException {
        ProcessBuilder builder = MainTest.java(Main.class, arguments)
                .directory(folder.toFile())
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()))
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("err").toFile()));
        builder.environment().putAll(ENVIRONMENT);
        return builder.start();
    }

    private void assertNothingShown() throws IOException {
        for (String file : List.of("out", "err", "logs/olla.log")) {
            String text = Files.readString(folder.resolve(file));
            assertThat(text).as(file).isNotEmpty();
            shown.addAll(text.lines().toList());
        }
        assertThat(shown).anyMatch(line -> line.contains("Access log"));
        for (String trace : TRACES) {
            assertThat(shown).noneMatch(text -> text.contains(trace));
        }
    }
}
