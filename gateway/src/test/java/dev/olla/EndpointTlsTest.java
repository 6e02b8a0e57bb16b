package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import dev.olla.testbed.TestCertificates;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the certificates of servers are checked, endpoint by endpoint.
class EndpointTlsTest {

    private static final String CHAT = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String PATH = "/olla/vllm/v1/chat/completions";

    @TempDir
    private Path folder;

    private static SimulatedServer secure(TestCertificates certificates) {
        return SimulatedServer.vllm("gpu")
                .model("m")
                .tls(certificates.certificatePem(), certificates.keyPem())
                .start();
    }

    private String authorityOf(TestCertificates certificates) throws IOException {
        Path file = Files.createTempFile(folder, "ca", ".pem");
        return Files.writeString(file, certificates.authorityPem()).toString();
    }

    @Test
    void anAuthorityOfTheEndpointsOwnIsTrusted() throws IOException {
        TestCertificates certificates = TestCertificates.create();
        String tls = "tls: {ca_file: '" + authorityOf(certificates) + "'}";
        try (SimulatedServer server = secure(certificates);
                TestGateway gateway =
                        TestGateway.of(CredentialTest.yaml(server.uri().toString(), tls))) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
        }
    }

    /// Probes and discovery go to a server without TLS, so that a request meets the certificate.
    private static HttpResponse<String> asked(SimulatedServer server, SimulatedServer control, String... lines) {
        String[] all = new String[lines.length + 2];
        System.arraycopy(lines, 0, all, 2, lines.length);
        all[0] = "health_check_url: " + control.uri() + "/health";
        all[1] = "model_url: " + control.uri() + "/v1/models";
        try (TestGateway gateway =
                TestGateway.of(CredentialTest.yaml(server.uri().toString(), all))) {
            return gateway.post(PATH, CHAT);
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsA502ThatSaysSo() throws IOException {
        TestCertificates certificates = TestCertificates.create();
        String other = authorityOf(TestCertificates.create());
        try (SimulatedServer server = secure(certificates);
                SimulatedServer control =
                        SimulatedServer.vllm("control").model("m").start()) {
            HttpResponse<String> unknown = asked(server, control);
            assertThat(unknown.statusCode()).isEqualTo(502);
            assertThat(unknown.body())
                    .contains("its certificate comes from an authority that is not trusted here: set tls.ca_file");
            HttpResponse<String> wrong = asked(server, control, "tls: {ca_file: '" + other + "'}");
            assertThat(wrong.statusCode()).isEqualTo(502);
            assertThat(wrong.body())
                    .contains("its certificate comes from an authority that is not trusted here: see tls.ca_file");
            assertThat(server.totalRequests()).isZero();
        }
    }

    @Test
    void theNameInTheCertificateCounts() throws IOException {
        TestCertificates certificates = TestCertificates.forHosts("gpu.internal");
        String authority = "ca_file: '" + authorityOf(certificates) + "'";
        try (SimulatedServer server = secure(certificates);
                SimulatedServer control =
                        SimulatedServer.vllm("control").model("m").start()) {
            HttpResponse<String> none = asked(server, control, "tls: {" + authority + "}");
            assertThat(none.statusCode()).isEqualTo(502);
            assertThat(none.body()).contains("its certificate is not for its host: set tls.server_name");
            HttpResponse<String> wrong = asked(server, control, "tls: {" + authority + ", server_name: cpu.internal}");
            assertThat(wrong.statusCode()).isEqualTo(502);
            assertThat(wrong.body()).contains("its certificate is not for its host: see tls.server_name");
            HttpResponse<String> right = asked(server, control, "tls: {" + authority + ", server_name: gpu.internal}");
            assertThat(right.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anExpiredCertificateAndAServerWithoutTlsAreTold() throws IOException {
        TestCertificates expired = TestCertificates.expired();
        String authority = "tls: {ca_file: '" + authorityOf(expired) + "'}";
        try (SimulatedServer server = secure(expired);
                SimulatedServer control =
                        SimulatedServer.vllm("control").model("m").start()) {
            assertThat(asked(server, control, authority).body()).contains("its certificate has expired");
            String[] lines = {
                "health_check_url: " + control.uri() + "/health", "model_url: " + control.uri() + "/v1/models"
            };
            String url = "https://127.0.0.1:" + control.port();
            try (TestGateway gateway = TestGateway.of(CredentialTest.yaml(url, lines))) {
                assertThat(gateway.post(PATH, CHAT).body()).contains("speaks no TLS");
            }
        }
    }

    @Test
    void skippingVerificationTakesAnyCertificate() {
        try (SimulatedServer server = secure(TestCertificates.forHosts("gpu.internal"));
                TestGateway gateway = TestGateway.of(
                        CredentialTest.yaml(server.uri().toString(), "tls: {insecure_skip_verify: true}"))) {
            assertThat(gateway.post(PATH, CHAT).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void endpointsWithOtherRulesNeverShareAConnection() {
        try (SimulatedServer server = secure(TestCertificates.create());
                TestGateway gateway = TestGateway.of("""
                        discovery:
                          static:
                            endpoints:
                              - {name: careless, url: "%1$s/a", type: vllm, health_check_url: "%1$s/health",
                                 model_url: "%1$s/v1/models", tls: {insecure_skip_verify: true},
                                 check_interval: 1s, check_timeout: 900ms}
                              - {name: careful, url: "%1$s/b", type: vllm, health_check_url: "%1$s/health",
                                 model_url: "%1$s/v1/models", check_interval: 1s, check_timeout: 900ms}
                        """.formatted(server.uri()))) {
            for (int i = 0; i < 20; i++) {
                HttpResponse<String> answer = gateway.post(PATH, CHAT);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().firstValue("X-Olla-Endpoint")).hasValue("careless");
            }
            Eventually.await(
                    "the careful one is offline",
                    () -> gateway.json("/internal/status/endpoints")
                            .get("endpoints")
                            .valueStream()
                            .anyMatch(
                                    endpoint -> endpoint.get("name").asString().equals("careful")
                                            && endpoint.get("status").asString().equals("offline")));
        }
    }
}
