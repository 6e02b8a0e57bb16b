package dev.olla.request.send;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How requests are passed on.
///
/// @param engine `olla` or `sherpa`: a label of the original, shown in status
/// @param loadBalancer `least-connections`, `priority` or `round-robin`
/// @param profile `auto`, `streaming` or `standard`: when bytes are flushed
/// @param connectionTimeout until a TCP connection stands
/// @param tlsHandshakeTimeout until a TLS session stands
/// @param connectionKeepAlive after how much silence the system asks whether an upstream connection still stands
/// @param responseTimeout for a whole answer that doesn't stream; zero means none
/// @param readTimeout the longest silence inside an answer; zero means none
/// @param responseHeaderTimeout for the head of any answer; null means no limit of its own
public record ProxySettings(
        String engine,
        String loadBalancer,
        String profile,
        Duration connectionTimeout,
        Duration tlsHandshakeTimeout,
        Duration connectionKeepAlive,
        Duration responseTimeout,
        Duration readTimeout,
        @Nullable Duration responseHeaderTimeout) {

    public static final ProxySettings DEFAULTS = new ProxySettings(
            "olla",
            "least-connections",
            "auto",
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(15),
            Duration.ofMinutes(10),
            null);
}
