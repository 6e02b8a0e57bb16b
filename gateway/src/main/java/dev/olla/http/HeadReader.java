package dev.olla.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Gathers the bytes of a message head up to its empty line (RFC 9112 §2.1), within a limit.
///
/// Lines end with CRLF only: a bare LF is refused, since others may read it differently.
final class HeadReader {

    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final int EMPTY_LINE = 2;
    private static final int FIRST = 4096;

    private final int limit;
    private byte[] gathered = new byte[0];
    private int length;
    private int lineStart;

    /// @param limit in bytes, the empty line included
    HeadReader(int limit) {
        this.limit = limit;
    }

    /// Whether part of a head has been read.
    boolean started() {
        return length > 0;
    }

    /// What has been read of a head that is not complete; for finding out whose it is.
    byte[] unfinished() {
        return Arrays.copyOf(gathered, length);
    }

    /// Takes bytes of the head from the buffer, and nothing after it. Empty lines before it are passed over
    /// (RFC 9112 §2.2).
    ///
    /// @return the whole head with its empty line, or null when more is to come
    byte @Nullable [] read(ByteBuf in) throws MalformedMessage {
        while (in.isReadable()) {
            int lineEnd = in.indexOf(in.readerIndex(), in.writerIndex(), LF);
            take(in, (lineEnd < 0 ? in.writerIndex() : lineEnd + 1) - in.readerIndex());
            if (lineEnd >= 0 && lineIsEmpty()) {
                byte[] head = complete();
                if (head.length > EMPTY_LINE) {
                    return head;
                }
            }
        }
        return null;
    }

    private void take(ByteBuf in, int count) throws MalformedMessage {
        if (length + count > limit) {
            throw new MalformedMessage(RequestProblem.Kind.HEADERS_TOO_LARGE, "Request headers too large");
        }
        if (length + count > gathered.length) {
            int wanted = Math.max(length + count, length == 0 ? expected(in) : length * 2);
            gathered = Arrays.copyOf(gathered, Math.min(wanted, limit));
        }
        in.readBytes(gathered, length, count);
        length += count;
    }

    /// How long the head is, as far as can be seen, so that it is read into an array of its own length.
    private static int expected(ByteBuf in) {
        int from = in.readerIndex();
        int end = Math.min(in.writerIndex(), from + FIRST);
        int lineEnd = in.indexOf(from, end, LF);
        while (lineEnd >= 0 && lineEnd + EMPTY_LINE < end) {
            if (in.getByte(lineEnd + 1) == CR && in.getByte(lineEnd + 2) == LF) {
                return lineEnd + 1 + EMPTY_LINE - from;
            }
            lineEnd = in.indexOf(lineEnd + 1, end, LF);
        }
        return end - from;
    }

    /// Looks at the line just completed; the next one starts after it.
    private boolean lineIsEmpty() throws MalformedMessage {
        int end = length - 2;
        if (end < lineStart || gathered[end] != CR) {
            throw new MalformedMessage("a line does not end with CRLF");
        }
        boolean empty = end == lineStart;
        lineStart = length;
        return empty;
    }

    private byte[] complete() {
        byte[] head = gathered.length == length ? gathered : Arrays.copyOf(gathered, length);
        gathered = new byte[0];
        length = 0;
        lineStart = 0;
        return head;
    }
}
