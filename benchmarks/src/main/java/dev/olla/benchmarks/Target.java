package dev.olla.benchmarks;

import java.net.URI;

/// Where requests are sent: an address of this machine, and a path that goes before [BenchProtocol#PATH].
record Target(String host, int port, String prefix) {

    /// Reads `http://host:port/prefix`.
    ///
    /// @throws IllegalArgumentException when the URL is of another shape
    static Target of(String url) {
        URI uri = URI.create(url);
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 0) {
            throw new IllegalArgumentException("not of the form http://host:port/prefix: " + url);
        }
        String path = uri.getPath();
        return new Target(
                uri.getHost(), uri.getPort(), path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    URI uri() {
        return URI.create("http://" + host + ":" + port + prefix + BenchProtocol.PATH);
    }

    /// A whole POST request with the given header lines (each ended by CRLF) and an ASCII body.
    String post(String headers, String body) {
        return "POST " + prefix + BenchProtocol.PATH + " HTTP/1.1\r\n"
                + "Host: " + host + ":" + port + "\r\n"
                + "User-Agent: olla-benchmarks\r\n"
                + "Accept: */*\r\n"
                + "Content-Type: application/json\r\n"
                + headers
                + "Content-Length: " + body.length() + "\r\n\r\n"
                + body;
    }
}
