package dev.olla.testbed;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.time.Duration;
import java.time.Instant;

/// A certificate authority made at run time and a server certificate for `localhost` and 127.0.0.1 that it issued,
/// all as PEM texts.
public record TestCertificates(String authorityPem, String certificatePem, String keyPem) {

    private static final Duration LIFETIME = Duration.ofDays(1);
    private static final String LOOPBACK = "127.0.0.1";

    /// Makes a new authority and certificate, valid for a day.
    public static TestCertificates create() {
        return create(Instant.now().minus(Duration.ofHours(1)), Instant.now().plus(LIFETIME));
    }

    /// Makes a certificate that has expired an hour ago.
    public static TestCertificates expired() {
        return create(Instant.now().minus(LIFETIME), Instant.now().minus(Duration.ofHours(1)));
    }

    /// Makes a new authority and a certificate for these host names and no other.
    public static TestCertificates forHosts(String... names) {
        return create(Instant.now().minus(Duration.ofHours(1)), Instant.now().plus(LIFETIME), names);
    }

    private static TestCertificates create(Instant notBefore, Instant notAfter) {
        return create(notBefore, notAfter, "localhost", LOOPBACK);
    }

    private static TestCertificates create(Instant notBefore, Instant notAfter, String... names) {
        try {
            X509Bundle authority = new CertificateBuilder()
                    .subject("CN=Testbed Authority")
                    .setIsCertificateAuthority(true)
                    .notBefore(notBefore)
                    .notAfter(Instant.now().plus(LIFETIME))
                    .ecp256()
                    .buildSelfSigned();
            CertificateBuilder server = new CertificateBuilder()
                    .subject("CN=" + names[0])
                    .notBefore(notBefore)
                    .notAfter(notAfter)
                    .ecp256();
            for (String name : names) {
                server = name.equals(LOOPBACK) ? server.addSanIpAddress(name) : server.addSanDnsName(name);
            }
            X509Bundle issued = server.buildIssuedBy(authority);
            return new TestCertificates(
                    authority.getCertificatePEM(), issued.getCertificatePathPEM(), issued.getPrivateKeyPEM());
        } catch (Exception e) {
            throw new IllegalStateException("no certificate could be made", e);
        }
    }
}
