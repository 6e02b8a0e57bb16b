package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.olla.config.ConfigLoader;
import dev.olla.config.ValidationReport;
import dev.olla.testbed.Fault;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Plants secrets wherever one can be and looks for them wherever they must not be: logs, pages, errors, reports.
class SecrecyTest {

    /// Part of every secret, in one spelling or another; the second is the first after `Basic`.
    private static final List<String> TRACES = List.of("pl4nted", "X-Planted", "Ym9iOnBsNG50ZWQ");

    private static final List<String> PAGES = List.of(
            "/version",
            "/internal/health",
            "/internal/ready",
            "/internal/status",
            "/internal/status/endpoints",
            "/internal/status/models",
            "/internal/status/models?detailed=true&group=family&token=pl4nted",
            "/olla/models",
            "/olla/models?format=vllm",
            "/olla/models/m",
            "/olla/proxy/v1/models",
            "/olla/vllm/v1/models",
            "/olla/nowhere?token=pl4nted");

    private static final String[] CLIENT = {
        "Authorization", "Bearer pl4nted-client",
        "Cookie", "session=pl4nted-cookie",
        "X-Api-Key", "pl4nted-client-key",
        "X-Auth-Token", "pl4nted-client-token"
    };

    private static final List<String> AUTHS = List.of(
            "{type: bearer, token: '${PLANTED_TOKEN}'}",
            "{type: api_key, key: 'pl4nted-key', header: X-Planted-Key}",
            "{type: basic, username: bob, password: pl4nted}");

    private static final Map<String, String> ENVIRONMENT =
            Map.of("PLANTED_TOKEN", "pl4nted-token", "PLANTED_TENANT", "pl4nted-tenant");

    @TempDir
    private Path folder;

    private final List<String> shown = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root =
            ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger netty = root.getLoggerContext().getLogger("io.netty");
    private final Level levelBefore = root.getLevel();

    @BeforeEach
    void listen() {
        log.setContext(root.getLoggerContext());
        log.start();
        root.setLevel(Level.DEBUG);
        netty.setLevel(Level.OFF);
        root.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(log);
        root.setLevel(levelBefore);
        netty.setLevel(null);
    }

    private static String yaml(String url, String auth, String... lines) {
        String[] all = new String[lines.length + 3];
        System.arraycopy(lines, 0, all, 3, lines.length);
        all[0] = "auth: " + auth;
        all[1] = "headers: {X-Planted-Tenant: '${PLANTED_TENANT}', X-Planted-Text: pl4nted}";
        all[2] = "priority: 7";
        return CredentialTest.yaml(url + "/?api_key=pl4nted#pl4nted", all);
    }

    @Test
    void aRunningGatewayGivesNoSecretAway() {
        for (String auth : AUTHS) {
            try (SimulatedServer server = SimulatedServer.vllm("gpu").model("m").start();
                    TestGateway gateway = TestGateway.of(yaml(server.uri().toString(), auth), ENVIRONMENT)) {
                assertThat(chat(gateway, "m").statusCode()).isEqualTo(200);
                chat(gateway, "unknown");
                note(gateway.post("/olla/vllm/v1/chat/completions?key=pl4nted", "{broken", CLIENT));
                server.fault(Fault.status(401));
                assertThat(chat(gateway, "m").statusCode()).isEqualTo(401);
                Eventually.await(
                        "the refused credential is noticed",
                        () -> status(gateway).contains("config_error"));
                pages(gateway);
                server.clearFault();
                server.stop();
                Eventually.await(
                        "the stopped server is noticed", () -> status(gateway).contains("offline"));
                chat(gateway, "m");
                pages(gateway);
                badReload(gateway);
            }
        }
        assertNothingShown();
        assertThat(logged()).anyMatch(line -> line.startsWith("Request completed"));
    }

    @Test
    void connectionsThatFailGiveNoSecretAway() {
        for (String auth : AUTHS) {
            try (SimulatedServer control =
                    SimulatedServer.vllm("control").model("m").start()) {
                String health = "health_check_url: " + control.uri() + "/health?token=pl4nted";
                String models = "model_url: " + control.uri() + "/v1/models?token=pl4nted";
                for (String url : List.of("http://127.0.0.1:1", "https://127.0.0.1:" + control.port())) {
                    try (TestGateway gateway = TestGateway.of(yaml(url, auth, health, models), ENVIRONMENT)) {
                        assertThat(chat(gateway, "m").statusCode()).isEqualTo(502);
                        pages(gateway);
                    }
                    try (TestGateway gateway = TestGateway.of(yaml(url, auth), ENVIRONMENT)) {
                        chat(gateway, "m");
                        pages(gateway);
                    }
                }
            }
        }
        assertNothingShown();
    }

    @Test
    void mistakesInTheConfigurationGiveNoSecretAway() throws IOException {
        String endpoint = CredentialTest.yaml("http://gpu:1");
        List<String> mistakes = List.of(
                endpoint.replace("http://gpu:1", "http://bob:pl4nted@gpu:1"),
                endpoint.replace("http://gpu:1", "http://pl4nted@gpu:1/?token=pl4nted"),
                endpoint.replace("http://gpu:1", "http://bob:pl4nted^ @gpu:1/"),
                endpoint.replace("http://gpu:1", "http://bob:pl4nted"),
                endpoint.replace("http://gpu:1", "htp://gpu:1/?token=pl4nted"),
                endpoint.replace("http://gpu:1", "bob:pl4nted@gpu:1"),
                CredentialTest.yaml("http://gpu:1", "health_check_url: http://bob:pl4nted@gpu/"),
                CredentialTest.yaml("http://gpu:1", "model_url: http://bob:pl4nted@gpu/"),
                CredentialTest.yaml("http://gpu:1", "model_url: bob:pl4nted@gpu/x"),
                CredentialTest.yaml("http://gpu:1", "auth: pl4nted"),
                CredentialTest.yaml("http://gpu:1", "auth: {type: pl4nted}"),
                CredentialTest.yaml("http://gpu:1", "auth: {type: bearer, token: pl4nted, key: pl4nted}"),
                CredentialTest.yaml("http://gpu:1", "auth: {type: bearer, token: 'pl4nted${NONE}'}"),
                CredentialTest.yaml("http://gpu:1", "auth: {type: bearer, token_file: pl4nted}"),
                CredentialTest.yaml("http://gpu:1", "auth: {type: bearer, token: pl4nted, token: pl4nted}"),
                CredentialTest.yaml("http://gpu:1", "auth: {type: bearer, pl4nted: pl4nted}"),
                CredentialTest.yaml("http://gpu:1", "auth: {type: bearer, token: {pl4nted: pl4nted, pl4nted: 1}}"),
                CredentialTest.yaml("http://gpu:1", "auth: {type: bearer, token: 'pl4nted"),
                CredentialTest.yaml("http://gpu:1", "auth: {type: bearer, token: \"pl4nted\\p\"}"),
                CredentialTest.yaml("http://gpu:1", "auth: {type: bearer, token: *pl4nted}"),
                CredentialTest.yaml("http://gpu:1", "auth: {type: bearer, token: !pl4nted!x pl4nted}"),
                CredentialTest.yaml("http://gpu:1", "auth: {type: bearer, token: @pl4nted}"),
                CredentialTest.yaml("http://gpu:1", "auth:", "  type: bearer", "  pl4nted", "  token: pl4nted"),
                CredentialTest.yaml("http://gpu:1", "headers: {X-Planted: \"pl4nted\\nX: y\"}"),
                CredentialTest.yaml("http://gpu:1", "headers: {X-Planted: [pl4nted]}"),
                CredentialTest.yaml("http://gpu:1", "headers: {X-Planted: pl4nted, x-planted: pl4nted}"),
                CredentialTest.yaml("http://gpu:1", "headers: {'X-Planted pl4nted': pl4nted}"),
                CredentialTest.yaml("http://gpu:1", "headers: {X-Planted: '${NONE}pl4nted'}"));
        for (String mistake : mistakes) {
            Path file = Files.writeString(folder.resolve("config.yaml"), mistake);
            ConfigLoader.Result result = new ConfigLoader(ENVIRONMENT, folder).load(file);
            assertThat(result).isInstanceOf(ConfigLoader.Result.Refused.class);
            shown.add(result.toString());
            shown.add(ValidationReport.of(result).text());
        }
        assertNothingShown();
    }

    private void badReload(TestGateway gateway) {
        String bad = yaml("http://bob:pl4nted@gpu", "{type: bearer, token: pl4nted, key: pl4nted}", "priority: pl");
        assertThat(gateway.reload(bad.replace("priority: 7", "")).applied()).isFalse();
        note(gateway.get("/internal/status"));
    }

    private HttpResponse<String> chat(TestGateway gateway, String model) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        return note(gateway.post("/olla/vllm/v1/chat/completions?token=pl4nted&a=b", body, CLIENT));
    }

    private void pages(TestGateway gateway) {
        PAGES.forEach(page -> note(gateway.get(page, CLIENT)));
    }

    private static String status(TestGateway gateway) {
        return gateway.get("/internal/status/endpoints").body();
    }

    private HttpResponse<String> note(HttpResponse<String> answer) {
        shown.add(answer.statusCode() + " " + answer.headers().map() + " " + answer.body());
        return answer;
    }

    private List<String> logged() {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLoggerName().matches("(dev\\.)?olla.*"))
                .map(event -> event.getFormattedMessage() + " " + event.getKeyValuePairs() + " "
                        + event.getMDCPropertyMap() + " " + ThrowableProxyUtil.asString(event.getThrowableProxy()))
                .toList();
    }

    private void assertNothingShown() {
        for (String trace : TRACES) {
            assertThat(shown).noneMatch(text -> text.contains(trace));
            assertThat(logged()).noneMatch(line -> line.contains(trace));
        }
    }
}
