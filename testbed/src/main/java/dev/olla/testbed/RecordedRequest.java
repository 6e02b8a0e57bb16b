package dev.olla.testbed;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request as it arrived at a simulated server: `path` with its query, headers in order, the body untouched.
@SuppressWarnings("ArrayRecordComponent") // the body is read, never compared as part of the record
public record RecordedRequest(String method, String path, List<Header> headers, byte[] body) {

    /// One header line, its name spelt as it was sent.
    public record Header(String name, String value) {}

    /// The first value of a header, whatever the case of its name, or null.
    public @Nullable String header(String name) {
        List<String> values = headerValues(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    /// All values of a header in order, whatever the case of its name.
    public List<String> headerValues(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }

    /// The body read as UTF-8.
    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
