package dev.olla.config;

import dev.olla.fleet.NameFilter;
import dev.olla.request.send.ProxySettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `proxy`.
final class ProxyReader {

    private static final List<String> ENGINES = List.of("olla", "sherpa");
    private static final List<String> BALANCERS =
            List.of("least-connections", "priority", "round-robin", "resident-first");
    private static final List<String> PROFILES = List.of("auto", "streaming", "standard");

    /// A model that has to be loaded first can take so long to answer.
    private static final Duration COLD_LOAD = Duration.ofMinutes(1);

    private ProxyReader() {}

    static ProxySettings read(Section section) {
        section.dead("max_retries", "proxy.retry decides which answers are tried again");
        section.dead("retry_backoff", "proxy.retry decides which answers are tried again");
        section.dead("stream_buffer_size", "buffers grow and shrink with the traffic of each connection");
        ProxySettings standard = ProxySettings.DEFAULTS;
        return new ProxySettings(
                section.oneOf("engine", standard.engine(), ENGINES),
                section.oneOf("load_balancer", standard.loadBalancer(), BALANCERS),
                section.oneOfOrDefault("profile", standard.profile(), PROFILES),
                nonZero(section, "connection_timeout", standard.connectionTimeout()),
                nonZero(section, "tls_handshake_timeout", standard.tlsHandshakeTimeout()),
                nonZero(section, "connection_keep_alive", standard.connectionKeepAlive()),
                section.duration("response_timeout", standard.responseTimeout()),
                section.duration("read_timeout", standard.readTimeout()),
                headerTimeout(section));
    }

    /// The kinds of backend that are served.
    static NameFilter readProfileFilter(Section section) {
        return FilterReader.read(section.section("profile_filter"));
    }

    private static Duration nonZero(Section section, String key, Duration standard) {
        Duration written = section.duration(key, standard);
        return written.isZero() ? standard : written;
    }

    /// A written zero means 30 s, as it always did; nothing written means no limit of its own.
    private static @Nullable Duration headerTimeout(Section section) {
        Duration written = section.optionalDuration("response_header_timeout", "no limit of its own");
        Duration limit = written != null && written.isZero() ? Duration.ofSeconds(30) : written;
        if (limit != null && limit.compareTo(COLD_LOAD) < 0) {
            section.warning(
                    "response_header_timeout",
                    DurationText.of(limit) + " cuts off models that have to be loaded first; without it, an answer may"
                            + " take its time");
        }
        return limit;
    }
}
