package dev.olla.config;

import dev.olla.http.TlsSettings;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import org.jspecify.annotations.Nullable;

/// Reads `tls` under an endpoint: how the certificate of its server is checked, and what is spoken with it.
final class TlsReader {

    /// A file may hold other things, private keys for instance, which are left alone.
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

    private TlsReader() {}

    static TlsSettings read(Section endpoint, String name) {
        Section section = endpoint.section("tls");
        String file = section.optionalText("ca_file");
        List<X509Certificate> authorities = file == null ? List.of() : authorities(section, file);
        String serverName = serverName(section);
        boolean insecure = section.bool("insecure_skip_verify", false);
        if (insecure) {
            section.warning(
                    "insecure_skip_verify",
                    "the certificate of endpoint " + Secrets.shown(name) + " is not verified: whoever sits in between"
                            + " can read credentials and prompts");
        }
        return new TlsSettings(authorities, serverName, insecure, section.bool("http2", true));
    }

    private static List<X509Certificate> authorities(Section section, String file) {
        return switch (section.file(file)) {
            case CompanionFiles.Content.Text(String text) -> parsed(section, text);
            case CompanionFiles.Content.Unusable(String reason) -> {
                section.error("ca_file", Secrets.shown(file) + ": " + reason);
                yield List.of();
            }
        };
    }

    private static List<X509Certificate> parsed(Section section, String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher pem = CERTIFICATE.matcher(text);
        try {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            while (pem.find()) {
                byte[] one = pem.group().getBytes(StandardCharsets.US_ASCII);
                certificates.add((X509Certificate) x509.generateCertificate(new ByteArrayInputStream(one)));
            }
        } catch (CertificateException _) {
            section.error("ca_file", "certificate " + (certificates.size() + 1) + " in the file is broken");
            return List.of();
        }
        if (certificates.isEmpty()) {
            section.error("ca_file", "no certificate in the file: it must hold -----BEGIN CERTIFICATE-----");
        }
        return certificates;
    }

    private static @Nullable String serverName(Section section) {
        String name = section.optionalText("server_name");
        if (name == null) {
            return null;
        }
        try {
            return new SNIHostName(name.strip()).getAsciiName();
        } catch (IllegalArgumentException _) {
            section.error("server_name", Secrets.shown(name) + " is no name of a host");
            return null;
        }
    }
}
