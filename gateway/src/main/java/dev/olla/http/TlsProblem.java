package dev.olla.http;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Why a TLS session did not come about, in words for who runs the gateway.
final class TlsProblem {

    private static final int MAX_CAUSES = 16;

    private TlsProblem() {}

    static String of(SSLException failed, Origin origin) {
        Throwable cause = failed;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            String words = words(cause, origin);
            if (words != null) {
                return words;
            }
            cause = cause.getCause();
        }
        return "no TLS session (" + Headers.printable(String.valueOf(failed.getMessage())) + ")";
    }

    private static @Nullable String words(Throwable cause, Origin origin) {
        String message = String.valueOf(cause.getMessage());
        return switch (cause) {
            case NotSslRecordException _ -> "what answers there speaks no TLS: should url start with http://?";
            case CertificateExpiredException _ -> "its certificate has expired";
            case CertificateNotYetValidException _ -> "its certificate is not valid yet";
            case CertPathBuilderException _ -> untrusted(origin);
            case CertPathValidatorException invalid when isForeign(invalid.getReason()) -> untrusted(origin);
            case CertificateException _ when message.startsWith("No ") -> misnamed(origin);
            default -> null;
        };
    }

    /// Whether the chain of signatures is what fails: an authority of the same name with another key is another one.
    private static boolean isForeign(CertPathValidatorException.Reason reason) {
        return reason == CertPathValidatorException.BasicReason.INVALID_SIGNATURE
                || reason == PKIXReason.NO_TRUST_ANCHOR
                || reason == PKIXReason.NAME_CHAINING;
    }

    private static String untrusted(Origin origin) {
        return origin.tlsSettings().authorities().isEmpty()
                ? "its certificate is signed by no authority that is trusted: set tls.ca_file"
                : "its certificate is signed by no authority of tls.ca_file";
    }

    private static String misnamed(Origin origin) {
        String name = origin.tlsSettings().serverName();
        return name == null
                ? "its certificate does not name " + origin.host() + ": set tls.server_name"
                : "its certificate does not name " + name + ", the tls.server_name";
    }
}
