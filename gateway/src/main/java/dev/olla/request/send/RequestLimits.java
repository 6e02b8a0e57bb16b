package dev.olla.request.send;

import dev.olla.http.UpstreamTimeouts;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns the settings into the limits of one request.
public final class RequestLimits {

    private static final Logger LOG = LoggerFactory.getLogger(RequestLimits.class);
    private static final String HEADER_SETTING = "proxy.response_header_timeout";
    private static final Duration COLD_LOAD = Duration.ofMinutes(1);

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

    /// A model that has to be loaded first can take a minute to answer.
    public void warnIfTooShort() {
        Duration header = streaming.timeouts().head();
        boolean written = streaming.headSetting().equals(HEADER_SETTING);
        if (written && header.compareTo(COLD_LOAD) < 0) {
            LOG.warn(
                    "{} is {}s: it cuts off models that have to be loaded first; without it, an answer may take its"
                            + " time",
                    HEADER_SETTING,
                    header.toMillis() / 1000.0);
        }
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
