package dev.olla.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Locale;

/// Reads HTTP/1.1 answers (RFC 9112) from the bytes of one connection, with as little work as it takes
/// to know the status and where the body ends. Not thread-safe.
final class AnswerParser {

    /// Told of the parts of an answer, in order.
    interface Listener {
        void onHead(int status, boolean keepAlive);

        void onBody(byte[] bytes, int from, int to);

        void onEnd();
    }

    /// The bytes are no HTTP/1.1 answer.
    static final class MalformedAnswerException extends Exception {
        MalformedAnswerException(String message) {
            super(message);
        }
    }

    private enum State {
        HEAD,
        SIZED_BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        BODY_UNTIL_CLOSE
    }

    private static final int MAX_LINES = 65_536;

    private final Listener listener;
    private State state = State.HEAD;
    private long remaining;
    /// The bytes of a head or line so far, carried over between reads.
    private byte[] lines = new byte[512];
    private int length;

    AnswerParser(Listener listener) {
        this.listener = listener;
    }

    void feed(byte[] bytes, int from, int to) throws MalformedAnswerException {
        int at = from;
        while (at < to) {
            at = switch (state) {
                case HEAD -> feedHead(bytes, at, to);
                case SIZED_BODY, CHUNK -> feedCounted(bytes, at, to);
                case CHUNK_SIZE, CHUNK_END, TRAILER -> feedLine(bytes, at, to);
                case BODY_UNTIL_CLOSE -> feedRest(bytes, at, to);
            };
        }
    }

    /// The connection has ended, which ends a body of no stated length.
    void close() {
        if (state == State.BODY_UNTIL_CLOSE) {
            end();
        }
    }

    private int feedHead(byte[] bytes, int from, int to) throws MalformedAnswerException {
        for (int at = from; at < to; at++) {
            append(bytes[at]);
            if (bytes[at] == '\n' && length >= 4 && lines[length - 2] == '\r' && lines[length - 3] == '\n') {
                readHead();
                return at + 1;
            }
        }
        return to;
    }

    private int feedCounted(byte[] bytes, int from, int to) {
        int count = (int) Math.min(to - from, remaining);
        listener.onBody(bytes, from, from + count);
        remaining -= count;
        if (remaining > 0) {
            return from + count;
        }
        if (state == State.SIZED_BODY) {
            end();
        } else {
            state = State.CHUNK_END;
        }
        return from + count;
    }

    private int feedRest(byte[] bytes, int from, int to) {
        listener.onBody(bytes, from, to);
        return to;
    }

    private int feedLine(byte[] bytes, int from, int to) throws MalformedAnswerException {
        for (int at = from; at < to; at++) {
            append(bytes[at]);
            if (bytes[at] == '\n') {
                int lineLength = length >= 2 && lines[length - 2] == '\r' ? length - 2 : length - 1;
                length = 0;
                readLine(lineLength);
                return at + 1;
            }
        }
        return to;
    }

    private void readLine(int lineLength) throws MalformedAnswerException {
        switch (state) {
            case CHUNK_SIZE -> {
                remaining = chunkSize(lineLength);
                state = remaining == 0 ? State.TRAILER : State.CHUNK;
            }
            case CHUNK_END -> {
                require(lineLength == 0, "no line end after a chunk");
                state = State.CHUNK_SIZE;
            }
            case TRAILER -> {
                if (lineLength == 0) {
                    end();
                }
            }
            case HEAD, SIZED_BODY, CHUNK, BODY_UNTIL_CLOSE -> throw new IllegalStateException(state.name());
        }
    }

    private long chunkSize(int lineLength) throws MalformedAnswerException {
        long size = 0;
        int at = 0;
        for (; at < lineLength && Character.digit(lines[at], 16) >= 0; at++) {
            size = (size << 4) | Character.digit(lines[at], 16);
            require(at < 8, "a chunk too large");
        }
        require(at > 0, "no chunk size");
        return size;
    }

    private void readHead() throws MalformedAnswerException {
        String head = new String(lines, 0, length, ISO_8859_1);
        length = 0;
        require(head.startsWith("HTTP/1.1 ") && head.length() > 12, "no status line");
        int status = (head.charAt(9) - '0') * 100 + (head.charAt(10) - '0') * 10 + head.charAt(11) - '0';
        String lower = head.toLowerCase(Locale.ROOT);
        String size = header(lower, "\r\ncontent-length:");
        if (!size.isEmpty()) {
            require(size.length() < 18 && size.chars().allMatch(Character::isDigit), "content length");
            remaining = Long.parseLong(size);
            state = State.SIZED_BODY;
        } else if (header(lower, "\r\ntransfer-encoding:").equals("chunked")) {
            state = State.CHUNK_SIZE;
        } else {
            state = State.BODY_UNTIL_CLOSE;
        }
        listener.onHead(status, !header(lower, "\r\nconnection:").equals("close"));
        if (state == State.SIZED_BODY && remaining == 0) {
            end();
        }
    }

    private static String header(String head, String name) {
        int start = head.indexOf(name);
        if (start < 0) {
            return "";
        }
        int from = start + name.length();
        return head.substring(from, head.indexOf('\r', from)).strip();
    }

    private void end() {
        state = State.HEAD;
        listener.onEnd();
    }

    private void append(byte value) throws MalformedAnswerException {
        if (length == lines.length) {
            require(length < MAX_LINES, "a head too large");
            lines = Arrays.copyOf(lines, 2 * length);
        }
        lines[length++] = value;
    }

    private static void require(boolean condition, String problem) throws MalformedAnswerException {
        if (!condition) {
            throw new MalformedAnswerException(problem);
        }
    }
}
