package dev.olla.http;

import java.net.URI;

/// Where connections to one server go; connections are pooled by it.
///
/// @param host a name, an IPv4 address or an IPv6 address without brackets
/// @param tls whether the connection is TLS, with the server's certificate verified against its host
public record Origin(boolean tls, String host, int port) {

    /// The origin of an `http` or `https` URI with a host; the port defaults to 80 or 443.
    public static Origin of(URI uri) {
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        String host = uri.getHost();
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        return new Origin(tls, host, port);
    }

    /// The value of the `Host` field (RFC 9110 §7.2): without the port where it is the scheme's own.
    public String authority() {
        String name = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
        return port == (tls ? 443 : 80) ? name : name + ':' + port;
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + authority();
    }
}
