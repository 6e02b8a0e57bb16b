package dev.olla.http;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import javax.net.ssl.SSLException;

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
            case SSLException failed ->
                new ConnectProblem(
                        UpstreamFailure.Kind.TLS_FAILED,
                        "no TLS with " + origin + ": " + TlsProblem.of(failed, origin));
            case IOException _ ->
                new ConnectProblem(
                        UpstreamFailure.Kind.RESET, origin + " closed the connection within the TLS handshake");
            default ->
                new ConnectProblem(
                        UpstreamFailure.Kind.TLS_FAILED, "no TLS with " + origin + ": " + cause.getMessage());
        };
    }
}
