package dev.olla.http;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Why a connection could not be opened, in words for the owner of the server.
record ConnectProblem(UpstreamFailure.Kind kind, String message) {

    static ConnectProblem of(Throwable cause, Origin origin) {
        return switch (cause) {
            case ConnectTimeoutException _ -> timedOut(origin);
            case ConnectException refused
            when String.valueOf(refused.getMessage()).contains("refused") ->
                new ConnectProblem(UpstreamFailure.Kind.REFUSED, "connection to " + origin + " refused");
            default -> new ConnectProblem(UpstreamFailure.Kind.UNREACHABLE, origin + ": " + cause.getMessage());
        };
    }

    static ConnectProblem timedOut(Origin origin) {
        return new ConnectProblem(UpstreamFailure.Kind.CONNECT_TIMEOUT, "connecting to " + origin + " timed out");
    }

    static ConnectProblem ofHandshake(Throwable cause, Origin origin) {
        return switch (cause) {
            case SslHandshakeTimeoutException _ ->
                new ConnectProblem(UpstreamFailure.Kind.TLS_TIMEOUT, "the TLS handshake with " + origin + " timed out");
            case SSLException _ ->
                new ConnectProblem(
                        UpstreamFailure.Kind.TLS_FAILED, "no TLS with " + origin + ": " + reason(cause, origin));
            case IOException _ ->
                new ConnectProblem(
                        UpstreamFailure.Kind.RESET, origin + " closed the connection within the TLS handshake");
            default ->
                new ConnectProblem(
                        UpstreamFailure.Kind.TLS_FAILED, "no TLS with " + origin + ": " + cause.getMessage());
        };
    }

    private static String reason(Throwable cause, Origin origin) {
        if (find(cause, CertificateExpiredException.class) != null) {
            return "its certificate has expired";
        }
        if (find(cause, CertificateNotYetValidException.class) != null) {
            return "its certificate is not valid yet";
        }
        if (find(cause, CertPathBuilderException.class) != null || hasForeignSignature(cause)) {
            return "its certificate comes from an authority that is not trusted here"
                    + (origin.tlsSettings().authorities().isEmpty() ? ": set tls.ca_file" : ": see tls.ca_file");
        }
        CertificateException other = find(cause, CertificateException.class);
        if (other != null && String.valueOf(other.getMessage()).startsWith("No ")) {
            String name = origin.tlsSettings().serverName();
            return "its certificate is not for "
                    + (name == null ? origin.host() + ": set tls.server_name" : name + ": see tls.server_name");
        }
        if (find(cause, NotSslRecordException.class) != null) {
            return "what answers there speaks no TLS: should its url start with http://?";
        }
        return other != null ? String.valueOf(other.getMessage()) : String.valueOf(cause.getMessage());
    }

    /// The authority has the name of one that is trusted, and another key.
    private static boolean hasForeignSignature(Throwable cause) {
        CertPathValidatorException invalid = find(cause, CertPathValidatorException.class);
        return invalid != null && invalid.getReason() == BasicReason.INVALID_SIGNATURE;
    }

    private static <T extends Throwable> @Nullable T find(Throwable cause, Class<T> type) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }
}
