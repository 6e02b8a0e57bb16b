package dev.olla.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Takes the body of one message out of a connection's bytes, by the rules of RFC 9112 §6 and §7.
abstract sealed class BodyDecoder permits SizedDecoder, ChunkedDecoder, UntilCloseDecoder {

    /// Takes the next piece of the body.
    ///
    /// @return bytes for the caller to release, or null when the buffer holds no more of them
    abstract @Nullable ByteBuf next(ByteBuf in) throws MalformedMessage;

    /// Whether the whole body has been taken.
    abstract boolean ended();

    /// The fields that came after the body; null where there were none, or it has not ended.
    @Nullable
    Headers trailers() {
        return null;
    }

    /// Whether the end of the connection is the end of the body.
    boolean endsWithConnection() {
        return false;
    }

    /// How a message frames its body.
    ///
    /// @param length of a body of known length; -1 when it isn't known
    /// @param chunked whether the body is chunked; when neither, it ends with the connection
    record Framing(long length, boolean chunked) {

        static final Framing NONE = new Framing(0, false);

        BodyDecoder decoder() {
            return chunked ? new ChunkedDecoder() : length >= 0 ? new SizedDecoder(length) : new UntilCloseDecoder();
        }
    }

    /// The framing of a request (RFC 9112 §6.3); anything that two readers could take differently is refused.
    static Framing ofRequest(RequestHead head) throws MalformedMessage {
        Framing framing = declared(head.headers());
        if (framing.chunked() && head.minorVersion() == 0) {
            throw new MalformedMessage("HTTP/1.0 has no Transfer-Encoding");
        }
        return framing.length() < 0 && !framing.chunked() ? Framing.NONE : framing;
    }

    /// The framing of an answer (RFC 9112 §6.3).
    static Framing ofResponse(String requestMethod, ResponseHead head) throws MalformedMessage {
        Framing framing = declared(head.headers());
        int status = head.status();
        boolean bodiless = requestMethod.equals("HEAD") || status < 200 || status == 204 || status == 304;
        return bodiless ? Framing.NONE : framing;
    }

    private static Framing declared(Headers headers) throws MalformedMessage {
        String coding = null;
        String length = null;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.length() == 17 && name.equalsIgnoreCase("transfer-encoding")) {
                coding = only(coding, headers.value(i), "Transfer-Encoding");
            } else if (name.length() == 14 && name.equalsIgnoreCase("content-length")) {
                length = only(length, headers.value(i), "Content-Length");
            }
        }
        if (coding != null && length != null) {
            throw new MalformedMessage("both Transfer-Encoding and Content-Length");
        }
        if (coding != null) {
            requireChunked(coding);
            return new Framing(-1, true);
        }
        return length == null ? new Framing(-1, false) : new Framing(parseLength(length), false);
    }

    private static String only(@Nullable String before, String value, String name) throws MalformedMessage {
        if (before != null) {
            throw new MalformedMessage("more than one " + name);
        }
        return value;
    }

    private static void requireChunked(String coding) throws MalformedMessage {
        if (coding.equalsIgnoreCase("chunked")) {
            return;
        }
        boolean chunkedLast = coding.toLowerCase(java.util.Locale.ROOT).matches(".*,\\s*chunked");
        if (chunkedLast) {
            throw new MalformedMessage(
                    RequestProblem.Kind.TRANSFER_CODING_UNKNOWN, "the only transfer coding spoken here is chunked");
        }
        throw new MalformedMessage("Transfer-Encoding does not end with chunked");
    }

    private static long parseLength(String text) throws MalformedMessage {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || i >= 18) {
                throw notANumber();
            }
            length = length * 10 + digit;
        }
        if (text.isEmpty()) {
            throw notANumber();
        }
        return length;
    }

    private static MalformedMessage notANumber() {
        return new MalformedMessage("Content-Length is not a number");
    }
}
