package dev.olla.request.send;

import dev.olla.http.UpstreamTimeouts;
import java.time.Duration;

/// Turns the settings into the limits of one request.
public final class RequestLimits {

    private static final String HEADER_SETTING = "proxy.response_header_timeout";

    private final Outgoing.Limits streaming;
    private final Outgoing.Limits whole;

    public RequestLimits(ProxySettings settings) {
        Duration header = settings.responseHeaderTimeout();
        streaming = limits(
                settings,
                header != null ? header : settings.readTimeout(),
                header != null ? HEADER_SETTING : "proxy.read_timeout",
                Duration.ZERO);
        whole = limits(
                settings,
                header != null ? header : settings.responseTimeout(),
                header != null ? HEADER_SETTING : "proxy.response_timeout",
                settings.responseTimeout());
    }

    private static Outgoing.Limits limits(ProxySettings settings, Duration head, String headSetting, Duration total) {
        return new Outgoing.Limits(
                new UpstreamTimeouts(
                        settings.connectionTimeout(),
                        settings.tlsHandshakeTimeout(),
                        head,
                        settings.readTimeout(),
                        total),
                headSetting);
    }

    /// @param streams whether the answer will be a stream
    public Outgoing.Limits of(boolean streams) {
        return streams ? streaming : whole;
    }
}
