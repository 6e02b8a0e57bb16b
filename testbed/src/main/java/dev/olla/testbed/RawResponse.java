package dev.olla.testbed;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An answer as a `RawClient` read it; `complete` is false when the connection ended before the body's announced end.
///
/// `chunks` are the chunks of a chunked body one by one, or the whole body of a sized one.
public record RawResponse(String head, int status, List<String> chunks, boolean complete) {

    /// The first value of a header, whatever the case of its name, or null.
    public @Nullable String header(String name) {
        return RawBytes.header(head, name);
    }

    /// Header lines in order, without the status line.
    public List<String> headerLines() {
        return head.lines().skip(1).filter(line -> !line.isEmpty()).toList();
    }

    /// The body; each byte is one character (ISO 8859-1), so that nothing is lost.
    public String rawBody() {
        return String.join("", chunks);
    }

    /// The body read as UTF-8.
    public String body() {
        return new String(rawBody().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
