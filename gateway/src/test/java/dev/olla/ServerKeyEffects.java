package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// What the keys of `server`, `dashboard` and `model_registry` do.
final class ServerKeyEffects {

    private static final String RATES = "server.rate_limits.";
    private static final String CORS = "server.cors.";
    private static final String POLICY = "dashboard.access_policy.";
    private static final String[] WITH_CORS = {"server.cors.enabled", "true"};

    private ServerKeyEffects() {}

    static List<KeyEffect> all() {
        return List.of(
                new KeyEffect("server.host", "127.0.0.2", ServerKeyEffects::listensThereOnly),
                new KeyEffect("server.port", "" + FaultListener.closedPort(), ServerKeyEffects::listensOnThatPort),
                new KeyEffect("server.read_header_timeout", "300ms", setting -> cutOff(setting, "X: ")),
                new KeyEffect("server.read_timeout", "300ms", setting -> cutOff(setting, "Content-Length: 9\r\n\r\nx")),
                new KeyEffect("server.idle_timeout", "300ms", ServerKeyEffects::closesTheIdle),
                new KeyEffect("server.write_timeout", "300ms", ServerKeyEffects::cutsWhoDoesNotRead),
                new KeyEffect("server.request_limits.max_body_size", "10", ServerKeyEffects::refusesTheBody),
                new KeyEffect("server.request_limits.max_header_size", "4096", ServerKeyEffects::refusesTheHead),
                new KeyEffect(RATES + "global_requests_per_minute", "7", ServerKeyEffects::limitsAll),
                new KeyEffect(RATES + "per_ip_requests_per_minute", "7", setting -> limits(setting, "/olla/models")),
                new KeyEffect(
                        RATES + "health_requests_per_minute", "7", setting -> limits(setting, "/internal/health")),
                new KeyEffect(RATES + "burst_size", "3", ServerKeyEffects::admitsThree),
                new KeyEffect(RATES + "cleanup_interval", "0s", ServerKeyEffects::forgetsNobody),
                new KeyEffect(RATES + "trust_proxy_headers", "true", setting -> proxied(setting, 200)),
                new KeyEffect(
                        RATES + "trusted_proxy_cidrs",
                        "[192.0.2.0/24, 198.51.100.0/24]",
                        setting -> proxied(setting, 429, RATES + "trust_proxy_headers", "true")),
                new KeyEffect(CORS + "enabled", "true", setting -> tells(setting, "Allow-Origin", "*")),
                new KeyEffect(
                        CORS + "allowed_origins",
                        "[\"https://a.example\", \"https://b.example\"]",
                        setting -> tells(setting, "Allow-Origin", "https://a.example", WITH_CORS)),
                new KeyEffect(
                        CORS + "allowed_methods",
                        "[GET, PUT]",
                        setting -> permits(setting, "Allow-Methods", "PUT", "DELETE")),
                new KeyEffect(
                        CORS + "allowed_headers",
                        "[x-mine, x-yours]",
                        setting -> permits(setting, "Allow-Headers", "x-mine", "x-theirs")),
                new KeyEffect(
                        CORS + "exposed_headers",
                        "[X-Mine, X-Yours]",
                        setting -> tells(setting, "Expose-Headers", "X-Mine, X-Yours", WITH_CORS)),
                new KeyEffect(
                        CORS + "allow_credentials",
                        "true",
                        setting -> tells(
                                setting,
                                "Allow-Credentials",
                                "true",
                                CORS + "enabled",
                                "true",
                                CORS + "allowed_origins",
                                "[\"https://a.example\"]")),
                new KeyEffect(CORS + "max_age", "7", setting -> permits(setting, "Max-Age", "7", null)),
                new KeyEffect("dashboard.enabled", "false", setting -> answers(setting, "/internal/ui/", 404)),
                new KeyEffect(
                        POLICY + "allowed_cidrs", "[192.0.2.0/24]", setting -> answers(setting, "/internal/ui/", 403)),
                new KeyEffect(POLICY + "allowed_hosts", "[box.example]", ServerKeyEffects::admitsTheName),
                new KeyEffect(
                        "dashboard.gate_internal_api",
                        "true",
                        setting -> answers(setting, "/version", 403, POLICY + "allowed_cidrs", "[192.0.2.0/24]")),
                new KeyEffect(
                        "model_registry.enable_unifier", "false", setting -> answers(setting, "/olla/models/m", 501)));
    }

    private static void listensThereOnly(Setting setting) throws IOException {
        int port = FaultListener.closedPort();
        try (Gateway _ = start(setting, "server.port", "" + port);
                Socket _ = new Socket(InetAddress.ofLiteral("127.0.0.2"), port)) {
            assertThatThrownBy(() -> new Socket(InetAddress.ofLiteral("127.0.0.1"), port))
                    .isInstanceOf(ConnectException.class);
        }
    }

    private static void listensOnThatPort(Setting setting) throws IOException {
        try (Gateway _ = start(setting, "server.host", "127.0.0.1");
                Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(setting.value()))) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    private static Gateway start(Setting setting, String... more) throws IOException {
        var read = TestGateway.asWritten(setting.yamlBefore(List.of(), more), setting.environment());
        return Gateway.start(TestGateway.loaded(read), () -> read);
    }

    private static TestGateway alone(Setting setting, String... more) {
        return setting.before(List.of(), more);
    }

    private static void cutOff(Setting setting, String restOfTheRequest) throws IOException {
        try (TestGateway gateway = alone(setting);
                RawClient client = gateway.raw()) {
            client.send("POST /olla/proxy/v1/models HTTP/1.1\r\nHost: a\r\n" + restOfTheRequest);
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).contains(setting.key());
        }
    }

    private static void closesTheIdle(Setting setting) throws IOException {
        try (TestGateway gateway = alone(setting);
                RawClient client = gateway.raw()) {
            client.send("GET", "/version", "", "");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.closed()).isTrue();
        }
    }

    private static void cutsWhoDoesNotRead(Setting setting) throws IOException {
        AtomicBoolean noticed = new AtomicBoolean();
        byte[] piece = new byte[100_000];
        try (WireBackend backend = WireBackend.start((connection, _) -> {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n");
                    try {
                        while (!noticed.get()) {
                            connection.write(piece);
                        }
                    } catch (IOException _) {
                        noticed.set(true);
                    }
                });
                TestGateway gateway = TestGateway.of(
                        setting.yaml(
                                "discovery.static.endpoints",
                                "[" + backend.endpoint().strip().substring(2) + "]"),
                        setting.environment());
                RawClient client = gateway.raw()) {
            client.send("GET", "/olla/proxy/v1/files", "", "");
            Eventually.await("the server notices", noticed::get);
        }
    }

    private static void refusesTheBody(Setting setting) {
        try (TestGateway gateway = alone(setting)) {
            assertThat(gateway.post("/olla/proxy/v1/chat", "0123456789").statusCode())
                    .isNotEqualTo(413);
            assertThat(gateway.post("/olla/proxy/v1/chat", "0123456789x").statusCode())
                    .isEqualTo(413);
        }
    }

    private static void refusesTheHead(Setting setting) {
        try (TestGateway gateway = alone(setting)) {
            assertThat(gateway.get("/version", "X-Long", "x".repeat(3000)).statusCode())
                    .isEqualTo(200);
            assertThat(gateway.get("/version", "X-Long", "x".repeat(5000)).statusCode())
                    .isEqualTo(431);
        }
    }

    private static void limitsAll(Setting setting) {
        try (TestGateway gateway = alone(setting, RATES + "per_ip_requests_per_minute", "0")) {
            assertThat(header(gateway.get("/olla/models"), "X-RateLimit-Limit")).isEqualTo("7");
        }
    }

    private static void limits(Setting setting, String path) {
        try (TestGateway gateway = alone(setting)) {
            assertThat(header(gateway.get(path), "X-RateLimit-Limit")).isEqualTo("7");
        }
    }

    private static void admitsThree(Setting setting) {
        try (TestGateway gateway = alone(setting, RATES + "per_ip_requests_per_minute", "1")) {
            for (int i = 0; i < 3; i++) {
                assertThat(gateway.get("/olla/models").statusCode()).isEqualTo(200);
            }
            assertThat(gateway.get("/olla/models").statusCode()).isEqualTo(429);
        }
    }

    /// Who was quiet for longer than ten minutes would begin anew, with 49 left.
    private static void forgetsNobody(Setting setting) {
        FakeTime time = new FakeTime();
        String yaml = setting.yamlBefore(
                List.of(), RATES + "per_ip_requests_per_minute", "1", RATES + "global_requests_per_minute", "0");
        try (TestGateway gateway = TestGateway.of(yaml, setting.environment(), time)) {
            for (int i = 0; i < 30; i++) {
                gateway.get("/olla/models");
            }
            time.pass(Duration.ofMinutes(11));
            assertThat(header(gateway.get("/olla/models"), "X-RateLimit-Remaining"))
                    .isEqualTo("" + (50 - 30 + 11 - 1));
        }
    }

    private static void proxied(Setting setting, int statusOfTheSecond, String... more) {
        String[] one = {
            RATES + "per_ip_requests_per_minute",
            "1",
            RATES + "burst_size",
            "1",
            RATES + "global_requests_per_minute",
            "0"
        };
        try (TestGateway gateway = alone(setting, joined(one, more))) {
            assertThat(gateway.get("/olla/models", "X-Forwarded-For", "203.0.113.1")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(gateway.get("/olla/models", "X-Forwarded-For", "203.0.113.2")
                            .statusCode())
                    .isEqualTo(statusOfTheSecond);
        }
    }

    private static void tells(Setting setting, String header, String value, String... more) {
        try (TestGateway gateway = alone(setting, more)) {
            assertThat(header(gateway.get("/version", "Origin", "https://a.example"), "Access-Control-" + header))
                    .isEqualTo(value);
            assertThat(header(gateway.get("/version"), "Access-Control-" + header))
                    .isEqualTo("none");
        }
    }

    /// A preflight that asks for what is permitted, and perhaps one for what isn't.
    private static void permits(Setting setting, String header, String permitted, @Nullable String refused)
            throws IOException {
        try (TestGateway gateway = alone(setting, WITH_CORS)) {
            assertThat(preflight(gateway, header, permitted)).isEqualTo(permitted);
            if (refused != null) {
                assertThat(preflight(gateway, header, refused)).isNull();
            }
        }
    }

    private static @Nullable String preflight(TestGateway gateway, String header, String wanted) throws IOException {
        String method = header.equals("Allow-Methods") ? wanted : "GET";
        String fields = header.equals("Allow-Headers") ? "Access-Control-Request-Headers: " + wanted + "\r\n" : "";
        try (RawClient client = gateway.raw()) {
            client.send(
                    "OPTIONS",
                    "/version",
                    "Origin: https://a.example\r\nAccess-Control-Request-Method: " + method + "\r\n" + fields,
                    "");
            return client.readResponse().header("Access-Control-" + header);
        }
    }

    private static void answers(Setting setting, String path, int status, String... more) {
        try (TestGateway gateway = alone(setting, more)) {
            assertThat(gateway.get(path).statusCode()).isEqualTo(status);
        }
    }

    private static void admitsTheName(Setting setting) throws IOException {
        try (TestGateway gateway = alone(setting);
                RawClient client = gateway.raw()) {
            client.send("GET /internal/ui/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(403);
            client.send("GET /internal/ui/ HTTP/1.1\r\nHost: box.example\r\n\r\n");
            assertThat(client.readResponse().status()).isNotEqualTo(403);
        }
    }

    private static String[] joined(String[] first, String[] second) {
        String[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("none");
    }
}
