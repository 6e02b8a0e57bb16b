package dev.olla.http;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where connections to one server go; connections are pooled by it.
///
/// @param host a name, an IPv4 address or an IPv6 address without brackets
/// @param tls whether the connection is TLS, with the server's certificate verified against its host
/// @param tlsSettings how it is verified: connections that were checked by other rules are never shared
public record Origin(boolean tls, String host, int port, TlsSettings tlsSettings) {

    /// A name and perhaps a port, for the names that [URI] takes for no host, with an underscore for instance:
    /// container names have them.
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9._-]+)(?::(\\d{1,5}))?");

    private static final int MAX_PORT = 65535;

    public Origin {
        tlsSettings = tls ? tlsSettings : TlsSettings.STANDARD;
    }

    /// With certificates verified as usual.
    public Origin(boolean tls, String host, int port) {
        this(tls, host, port, TlsSettings.STANDARD);
    }

    /// The same server, its certificate verified by these settings.
    public Origin with(TlsSettings settings) {
        return new Origin(tls, host, port, settings);
    }

    /// Whether the URI names a host and a port that can be connected to.
    public static boolean isNamedBy(URI uri) {
        return named(uri) != null;
    }

    /// The origin of an `http` or `https` URI; the port defaults to 80 or 443.
    ///
    /// @throws IllegalArgumentException when the URI names no host
    public static Origin of(URI uri) {
        Origin origin = named(uri);
        if (origin == null) {
            throw new IllegalArgumentException("the URL names no host");
        }
        return origin;
    }

    private static @Nullable Origin named(URI uri) {
        String host = uri.getHost();
        if (host != null) {
            return origin(uri, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, uri.getPort());
        }
        Matcher name = NAME.matcher(uri.getRawAuthority() == null ? "" : uri.getRawAuthority());
        if (!name.matches()) {
            return null;
        }
        int port = name.group(2) == null ? -1 : Integer.parseInt(name.group(2));
        return port == 0 || port > MAX_PORT ? null : origin(uri, name.group(1), port);
    }

    private static Origin origin(URI uri, String host, int port) {
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        return new Origin(tls, host, port >= 0 ? port : tls ? 443 : 80);
    }

    /// The value of the `Host` field (RFC 9110 §7.2): without the port where it is the scheme's own.
    public String authority() {
        String name = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
        return port == (tls ? 443 : 80) ? name : name + ':' + port;
    }

    /// Cheap, since each request looks its connection up by it.
    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + authority();
    }
}
