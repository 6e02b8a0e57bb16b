package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawServer;
import dev.olla.testbed.RecordedRequest;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What servers see of the credentials configured for them, and what clients don't.
class CredentialTest {

    private static final String CHAT = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String PATH = "/olla/vllm/v1/chat/completions";

    @TempDir
    private Path folder;

    private final SimulatedServer server =
            SimulatedServer.vllm("gpu").model("m").start();

    @AfterEach
    void close() {
        server.close();
    }

    static String yaml(String url, String... lines) {
        return """
                discovery:
                  static:
                    endpoints:
                      - name: gpu
                        url: "%s"
                        type: vllm
                        check_interval: 1s
                        check_timeout: 900ms
                """.formatted(url) + "        " + String.join("\n        ", lines) + "\n";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: bearer, token: '${TOKEN}'}| Authorization| Bearer t0ken",
                "{type: basic, username: bob, password: '${TOKEN}'}| Authorization| Basic Ym9iOnQwa2Vu",
                "{type: api_key, key: '${TOKEN}'}| X-Api-Key| t0ken",
                "{type: api_key, key: '${TOKEN}', header: X-Gpu-Key}| X-Gpu-Key| t0ken",
            })
    void requestsProbesAndDiscoveryCarryTheCredential(String auth, String header, String value) {
        String yaml = yaml(server.uri().toString(), "auth: " + auth, "headers: {X-Tenant: 'home ${TOKEN}'}");
        try (TestGateway gateway = TestGateway.of(yaml, Map.of("TOKEN", "t0ken"))) {
            HttpResponse<String> answer = gateway.post(
                    PATH,
                    CHAT,
                    "Authorization",
                    "Bearer cl1ent",
                    "Cookie",
                    "a=b",
                    "X-Api-Key",
                    "cl1ent",
                    header,
                    "cl1ent");
            assertThat(answer.statusCode()).isEqualTo(200);
            for (String path : List.of("/health", "/v1/models", "/v1/chat/completions")) {
                RecordedRequest seen = seen(path);
                assertThat(seen.headerValues(header)).containsExactly(value);
                assertThat(seen.headerValues("X-Tenant")).containsExactly("home t0ken");
                assertThat(seen.header("Cookie")).isNull();
                assertThat(seen.headers().toString()).doesNotContain("cl1ent");
            }
        }
    }

    @Test
    void theCredentialWinsOverAHeaderOfItsName() {
        String yaml = yaml(
                server.uri().toString(), "auth: {type: bearer, token: wins}", "headers: {authorization: Bearer loses}");
        try (TestGateway gateway = TestGateway.of(yaml)) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
            for (String path : List.of("/health", "/v1/models", "/v1/chat/completions")) {
                assertThat(seen(path).headerValues("Authorization")).containsExactly("Bearer wins");
            }
        }
    }

    @Test
    void aSecretThatChangedIsSentAfterAReload() throws IOException {
        Path secret = Files.writeString(folder.resolve("token"), "first\n");
        String yaml = yaml(server.uri().toString(), "auth: {type: bearer, token_file: '" + secret + "'}");
        try (TestGateway gateway = TestGateway.of(yaml)) {
            gateway.post(PATH, CHAT);
            assertThat(seen("/v1/chat/completions").header("Authorization")).isEqualTo("Bearer first");
            Files.writeString(secret, "second\n");
            assertThat(gateway.reload(yaml).changed())
                    .singleElement()
                    .asString()
                    .startsWith("discovery.static.endpoints[");
            gateway.post(PATH, CHAT);
            assertThat(seen("/v1/chat/completions").header("Authorization")).isEqualTo("Bearer second");
            Files.delete(secret);
            assertThat(gateway.reload(yaml).applied()).isFalse();
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void answersLoseEveryHeaderThatIsConfigured() throws IOException {
        List<String> withheld = List.of(
                "x-gpu-key",
                "X-TENANT",
                "Authorization",
                "X-Api-Key",
                "X-Auth-Token",
                "Proxy-Authorization",
                "Set-Cookie",
                "X-Olla-Secret",
                "X-Olla-Key");
        String fields = String.join(": s3cret\r\n", withheld) + ": s3cret\r\nX-Kept: yes\r\n";
        String yaml = "auth: {type: api_key, key: k, header: X-Gpu-Key}";
        try (RawServer raw = answering(fields, new CopyOnWriteArrayList<>());
                TestGateway gateway = TestGateway.of(yaml(raw.uri().toString(), yaml, "headers: {X-Tenant: home}"))) {
            HttpResponse<String> answer = gateway.post(PATH, CHAT);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-Kept")).hasValue("yes");
            assertThat(answer.headers().map().toString()).doesNotContain("s3cret");
        }
    }

    @Test
    void aRedirectToAnotherServerIsNotFollowed() throws IOException {
        List<String> elsewhere = new CopyOnWriteArrayList<>();
        List<String> here = new CopyOnWriteArrayList<>();
        try (RawServer stranger = answering("", elsewhere);
                RawServer raw = redirecting(stranger.uri() + "/health", here);
                TestGateway gateway =
                        TestGateway.of(yaml(raw.uri().toString(), "auth: {type: bearer, token: t0ken}"))) {
            Eventually.await(
                    "the redirecting server is probed",
                    () -> here.stream().anyMatch(head -> head.startsWith("GET /health ")));
            Eventually.await(
                    "its answer counts as it is",
                    () -> gateway.json("/internal/status/endpoints").toString().contains("unhealthy"));
            assertThat(elsewhere).isEmpty();
        }
    }

    @Test
    void aRedirectOnTheSameServerTakesTheCredentialAlong() throws IOException {
        List<String> here = new CopyOnWriteArrayList<>();
        try (RawServer raw = redirecting("/up", here);
                TestGateway _ = TestGateway.of(yaml(raw.uri().toString(), "auth: {type: bearer, token: t0ken}"))) {
            Eventually.await(
                    "the redirect is followed",
                    () -> here.stream()
                            .anyMatch(head ->
                                    head.startsWith("GET /up ") && head.contains("Authorization: Bearer t0ken")));
        }
    }

    @Test
    void otherHostsGetNoCredentialFromProbesAndDiscovery() {
        String other = "http://localhost:" + server.port();
        String yaml = yaml(
                "http://127.0.0.1:" + server.port(),
                "auth: {type: bearer, token: t0ken}",
                "headers: {X-Tenant: home}",
                "health_check_url: " + other + "/health",
                "model_url: " + other + "/v1/models");
        try (TestGateway gateway = TestGateway.of(yaml)) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
            assertThat(seen("/v1/chat/completions").header("Authorization")).isEqualTo("Bearer t0ken");
            for (String path : List.of("/health", "/v1/models")) {
                assertThat(seen(path).header("Authorization")).isNull();
                assertThat(seen(path).header("X-Tenant")).isNull();
            }
        }
    }

    private RecordedRequest seen(String path) {
        return server.recorded().stream()
                .filter(request -> request.path().equals(path))
                .reduce((_, later) -> later)
                .orElseThrow(() -> new AssertionError("nothing asked for " + path));
    }

    /// A server that lists the model and answers everything with these fields.
    private static RawServer answering(String fields, List<String> heads) {
        return RawServer.start(connection -> {
            while (true) {
                heads.add(connection.readRequest().head());
                String body = "{\"object\":\"list\",\"data\":[{\"id\":\"m\"}]}";
                connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + fields + "Content-Length: "
                        + body.length() + "\r\n\r\n" + body);
            }
        });
    }

    /// A server that answers every path but `/up` with a redirect.
    private static RawServer redirecting(String location, List<String> heads) {
        return RawServer.start(connection -> {
            while (true) {
                String head = connection.readRequest().head();
                heads.add(head);
                connection.write(
                        head.startsWith("GET /up ")
                                ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                                : "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n");
            }
        });
    }
}
