package dev.olla.config;

import dev.olla.http.BodyMemory;
import dev.olla.http.ServerSettings;
import java.time.Duration;

/// Reads `server`, and from `proxy` how much of the requests is held in memory.
final class ServerReader {

    private static final Range PORT = new Range(1, 65535, "a port is 1 to 65535");

    private ServerReader() {}

    static ServerSettings read(Section section, Section proxy) {
        Section limits = section.section("request_limits");
        ServerSettings standard = ServerSettings.DEFAULTS;
        return new ServerSettings(
                host(section, standard.host()),
                section.integer("port", standard.port(), PORT),
                section.duration("read_timeout", standard.readTimeout()),
                headerTimeout(section, standard.readHeaderTimeout()),
                section.duration("write_timeout", standard.writeTimeout()),
                section.duration("idle_timeout", standard.idleTimeout()),
                section.duration("shutdown_timeout", standard.shutdownTimeout()),
                limits.bytes("max_body_size", standard.maxBodySize()),
                Math.clamp(limits.bytes("max_header_size", standard.maxHeaderSize()), -1, Integer.MAX_VALUE),
                bodyMemory(proxy, standard.bodyMemory()));
    }

    private static long bodyMemory(Section proxy, long standard) {
        Long written = proxy.optionalBytes("body_memory", "a quarter of the direct memory");
        long bytes = written == null ? standard : written;
        if (bytes < BodyMemory.LEAST) {
            proxy.error("body_memory", Scalars.megabytes(bytes) + " is not allowed: 32MB is the least");
        } else if (bytes > BodyMemory.MOST) {
            proxy.error(
                    "body_memory",
                    Scalars.megabytes(bytes) + " is not allowed: half of the direct memory of this process, "
                            + Scalars.megabytes(BodyMemory.MOST)
                            + ", is the most; -XX:MaxDirectMemorySize in OLLA_JAVA_OPTS gives it more");
        }
        return bytes;
    }

    static boolean readRequestLogging(Section section) {
        return section.bool("request_logging", true);
    }

    private static String host(Section section, String standard) {
        String host = section.text("host", standard);
        int colon = host.indexOf(':');
        if (colon > 0 && colon == host.lastIndexOf(':') && !host.startsWith("[")) {
            section.error("host", Secrets.shown(host) + " is not allowed: a port has its own key, server.port");
        } else if (host.chars().anyMatch(c -> c <= ' ' || c == '/')) {
            section.error("host", Secrets.shown(host) + " is not allowed: a name or an address is expected");
        }
        return host;
    }

    /// Zero means the default, as it always did.
    private static Duration headerTimeout(Section section, Duration standard) {
        Duration written = section.duration("read_header_timeout", standard);
        return written.isZero() ? standard : written;
    }
}
