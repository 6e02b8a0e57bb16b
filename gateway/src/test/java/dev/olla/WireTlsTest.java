package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.UpstreamTls;
import dev.olla.testbed.RawServer;
import dev.olla.testbed.SimulatedServer;
import dev.olla.testbed.TestCertificates;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Servers behind TLS.
class WireTlsTest {

    private static final String PATH = "/olla/proxy/v1/chat/completions";
    /// Takes the probes, so that the fault is met by a request.
    private static final WireBackend PROBED = WireBackend.answering(WireBackend.OK);

    private static final String BODY = "{\"model\":\"m\",\"messages\":[]}";

    @AfterAll
    static void close() {
        PROBED.close();
    }

    @Test
    void aServerWithATrustedCertificateIsReached() throws Exception {
        TestCertificates certificates = TestCertificates.create();
        try (SimulatedServer server = server(certificates);
                TestGateway gateway = gateway("https://localhost:" + server.port(), trusting(certificates))) {
            for (int i = 0; i < 3; i++) {
                assertThat(gateway.post(PATH, BODY).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void aServerIsReachedByAddressWhenItsCertificateNamesThat() throws Exception {
        TestCertificates certificates = TestCertificates.create();
        try (SimulatedServer server = server(certificates);
                TestGateway gateway = gateway("https://127.0.0.1:" + server.port(), trusting(certificates))) {
            assertThat(gateway.post(PATH, BODY).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        TestCertificates certificates = TestCertificates.create();
        try (SimulatedServer server = server(certificates)) {
            assertRefused(
                    "https://127.0.0.2:" + server.port(),
                    trusting(certificates),
                    "its certificate is not for its host: set tls.server_name");
        }
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        TestCertificates certificates = TestCertificates.expired();
        try (SimulatedServer server = server(certificates)) {
            assertRefused("https://localhost:" + server.port(), trusting(certificates), "its certificate has expired");
        }
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
        try (SimulatedServer server = server(TestCertificates.create())) {
            assertRefused(
                    "https://localhost:" + server.port(),
                    trusting(TestCertificates.create()),
                    "its certificate comes from an authority that is not trusted here");
        }
    }

    @Test
    void aServerThatSpeaksNoTlsIsRefused() throws Exception {
        try (RawServer server = RawServer.start(connection -> connection.write("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
            assertRefused("https://localhost:" + server.port(), trusting(TestCertificates.create()), "no TLS with");
        }
    }

    @Test
    void aServerThatClosesWithinTheHandshakeIsRefused() throws Exception {
        try (RawServer server = RawServer.start(connection -> connection.input().read())) {
            assertRefused(
                    "https://localhost:" + server.port(),
                    trusting(TestCertificates.create()),
                    "endpoint other closed the connection within the TLS handshake");
        }
    }

    @Test
    void aHandshakeThatHangsIs504() throws Exception {
        try (RawServer server = RawServer.start(dev.olla.testbed.RawConnection::awaitClose);
                TestGateway gateway = TestGateway.of(
                        "proxy: {tls_handshake_timeout: 300ms}\n" + endpoint("https://localhost:" + server.port()),
                        trusting(TestCertificates.create()))) {
            HttpResponse<String> answer = gateway.post(PATH, "{}");
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains("proxy.tls_handshake_timeout");
        }
    }

    private static void assertRefused(String url, UpstreamTls tls, String text) {
        try (TestGateway gateway = gateway(url, tls)) {
            HttpResponse<String> answer = gateway.post(PATH, "{}");
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains(text).doesNotContain("null");
        }
    }

    private static SimulatedServer server(TestCertificates certificates) {
        return SimulatedServer.openai("secure")
                .tls(certificates.certificatePem(), certificates.keyPem())
                .host("0.0.0.0")
                .model("m")
                .start();
    }

    private static TestGateway gateway(String url, UpstreamTls tls) {
        return TestGateway.of(endpoint(url), tls);
    }

    private static String endpoint(String url) {
        return PROBED.vouchingFor(url);
    }

    private static UpstreamTls trusting(TestCertificates certificates) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "authority",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(
                                certificates.authorityPem().getBytes(StandardCharsets.US_ASCII))));
        return UpstreamTls.trusting(trusted);
    }
}
