package dev.olla.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes message heads (RFC 9112 §2.1) by way of one array that belongs to its event loop.
///
/// Text goes out one byte a character, so what a parser read as ISO 8859-1 leaves as it came.
final class HeadWriter {

    private static final byte[] OK = "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int KEPT = 64 * 1024;

    private byte[] bytes = new byte[4096];
    private int length;

    /// Starts the head of an answer; what a head that was given up has left behind is gone.
    HeadWriter statusLine(int status) {
        length = 0;
        if (status == 200) {
            ensure(OK.length);
            System.arraycopy(OK, 0, bytes, length, OK.length);
            length += OK.length;
            return this;
        }
        return text("HTTP/1.1 ")
                .text(Integer.toString(status))
                .text(" ")
                .text(Reasons.of(status))
                .lineEnd();
    }

    /// Starts the head of a request.
    HeadWriter requestLine(String method, String target) {
        length = 0;
        return text(method).text(" ").text(target).text(" HTTP/1.1\r\n");
    }

    /// Starts the end of a chunked body, for trailers to follow.
    HeadWriter lastChunk() {
        length = 0;
        return text("0\r\n");
    }

    HeadWriter field(String name, String value) {
        text(name);
        ensure(2);
        bytes[length++] = ':';
        bytes[length++] = ' ';
        return text(value).lineEnd();
    }

    HeadWriter fields(Headers headers) {
        for (int i = 0; i < headers.size(); i++) {
            field(headers.name(i), headers.value(i));
        }
        return this;
    }

    HeadWriter lineEnd() {
        ensure(2);
        bytes[length++] = '\r';
        bytes[length++] = '\n';
        return this;
    }

    /// How many bytes wait to be moved.
    int length() {
        return length;
    }

    /// Ends the head with its empty line and moves it to the buffer.
    void moveTo(ByteBuf out) {
        lineEnd();
        out.writeBytes(bytes, 0, length);
        length = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[4096];
        }
    }

    @SuppressWarnings("deprecation") // the one way to copy Latin-1 text into an array without an array between
    private HeadWriter text(String text) {
        ensure(text.length());
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
        return this;
    }

    private void ensure(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}
