package dev.olla.request.send;

import dev.olla.http.Body;
import dev.olla.http.BodyFeed;
import dev.olla.http.RequestHead;
import dev.olla.http.UpstreamFailure;
import dev.olla.http.UpstreamTimeouts;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A request as it would go to any endpoint; what depends on the endpoint is added for each attempt.
///
/// @param id of the request, for the log
/// @param client the head as the client sent it
/// @param path as the server sees it, percent-encoded
/// @param body alive until the sending is over
/// @param model as the client spelled it; null when the request names none
/// @param modelStart where the model's JSON string stands in the body; -1 when it can't be replaced
/// @param modelEnd the byte after it
/// @param limits with the names of their settings; a kind of server may have one of its own
/// @param repeatable whether the request may be sent again once a server may have acted on it
/// @param feed in place of the body, for one attempt; null for a body that is there
/// @param translator for servers of other formats; null where none is a candidate
public record Outgoing(
        String id,
        RequestHead client,
        InetSocketAddress peer,
        String path,
        Body body,
        @Nullable String model,
        long modelStart,
        long modelEnd,
        Limits limits,
        boolean repeatable,
        @Nullable BodyFeed feed,
        @Nullable Translator translator) {

    /// With a body that is there.
    public Outgoing(
            String id,
            RequestHead client,
            InetSocketAddress peer,
            String path,
            Body body,
            @Nullable String model,
            long modelStart,
            long modelEnd,
            Limits limits,
            boolean repeatable) {
        this(id, client, peer, path, body, model, modelStart, modelEnd, limits, repeatable, null, null);
    }

    /// The same with a body that comes while it is sent; null for the body that is there.
    public Outgoing fedBy(@Nullable BodyFeed other) {
        return new Outgoing(
                id, client, peer, path, body, model, modelStart, modelEnd, limits, repeatable, other, translator);
    }

    /// The same for servers of other formats too.
    public Outgoing translatedBy(@Nullable Translator other) {
        return new Outgoing(id, client, peer, path, body, model, modelStart, modelEnd, limits, repeatable, feed, other);
    }

    /// The time-outs of the request, and which settings they come from.
    ///
    /// @param headSetting the setting that limits the wait for the head
    public record Limits(UpstreamTimeouts timeouts, String headSetting) {

        /// The same limits with another one on the wait for the head.
        Limits withHead(Duration head, String setting) {
            return new Limits(
                    new UpstreamTimeouts(
                            timeouts.connect(), timeouts.tlsHandshake(), head, timeouts.read(), timeouts.total()),
                    setting);
        }

        /// The setting that ran out in a failure of that kind; null when none did.
        public @Nullable String setting(UpstreamFailure.Kind kind) {
            return switch (kind) {
                case CONNECT_TIMEOUT -> "proxy.connection_timeout";
                case TLS_TIMEOUT -> "proxy.tls_handshake_timeout";
                case HEAD_TIMEOUT -> headSetting;
                case READ_TIMEOUT -> "proxy.read_timeout";
                case TOTAL_TIMEOUT -> "proxy.response_timeout";
                case UNKNOWN_HOST, REFUSED, UNREACHABLE, TLS_FAILED, RESET, CLOSED, MALFORMED, TRUNCATED -> null;
            };
        }
    }
}
