package dev.olla.testbed;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reading HTTP/1.1 byte by byte, strictly and slowly.
final class RawBytes {

    private RawBytes() {}

    static String readHead(InputStream input) throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = readLine(input); !line.isEmpty(); line = readLine(input)) {
            head.append(line).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /// A line without its end; throws `EOFException` when the input ends before the line does.
    static String readLine(InputStream input) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new EOFException("closed within a line: " + line.toString(StandardCharsets.ISO_8859_1));
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    static @Nullable String header(String head, String name) {
        return head.lines()
                .skip(1)
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse(null);
    }
}
