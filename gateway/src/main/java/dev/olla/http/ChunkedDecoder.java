package dev.olla.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A chunked body (RFC 9112 §7.1). Extensions and trailers are passed over, within 16 KiB of each; an extension no
/// longer than its chunk doesn't count. White space is allowed only where it is part of an extension, and trailers
/// only in the form of header lines: others may read anything else differently.
final class ChunkedDecoder extends BodyDecoder {

    private static final int MAX_OVERHEAD = 16 * 1024;
    private static final int MAX_SIZE_DIGITS = 15;

    private enum State {
        SIZE,
        /// White space before an extension.
        SPACE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        LAST_LF,
        ENDED
    }

    private State state = State.SIZE;
    private long remaining;
    private int digits;
    private int extensionBytes;
    private int trailerBytes;

    @Override
    @Nullable
    ByteBuf next(ByteBuf in) throws MalformedMessage {
        while (in.isReadable() && state != State.ENDED) {
            if (state == State.DATA) {
                return data(in);
            }
            step(in.readByte());
        }
        return null;
    }

    @Override
    boolean ended() {
        return state == State.ENDED;
    }

    private ByteBuf data(ByteBuf in) {
        int count = (int) Math.min(remaining, in.readableBytes());
        remaining -= count;
        if (remaining == 0) {
            state = State.DATA_CR;
        }
        return in.readRetainedSlice(count);
    }

    private void step(byte b) throws MalformedMessage {
        switch (state) {
            case SIZE -> size(b);
            case SPACE -> space(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> {
                require(b == '\n');
                state = remaining == 0 ? State.TRAILER_START : State.DATA;
                digits = 0;
                extensionBytes = (int) Math.max(0, extensionBytes - remaining);
            }
            case DATA_CR -> become(b == '\r', State.DATA_LF);
            case DATA_LF -> become(b == '\n', State.SIZE);
            case TRAILER_START -> trailerStart(b);
            case TRAILER_NAME -> trailerName(b);
            case TRAILER_VALUE -> trailerValue(b);
            case TRAILER_LF -> become(b == '\n', State.TRAILER_START);
            case LAST_LF -> become(b == '\n', State.ENDED);
            case DATA, ENDED -> throw new IllegalStateException(state.name());
        }
    }

    private void size(byte b) throws MalformedMessage {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            require(++digits <= MAX_SIZE_DIGITS);
            remaining = (digits == 1 ? 0 : remaining << 4) + digit;
            return;
        }
        require(digits > 0);
        if (b == '\r') {
            state = State.SIZE_LF;
        } else {
            space(b);
        }
    }

    private void space(byte b) throws MalformedMessage {
        require(b == ';' || b == ' ' || b == '\t');
        require(++extensionBytes <= MAX_OVERHEAD);
        state = b == ';' ? State.EXTENSION : State.SPACE;
    }

    private void extension(byte b) throws MalformedMessage {
        require(++extensionBytes <= MAX_OVERHEAD && (b == '\r' || HeadParser.isValueByte(b)));
        if (b == '\r') {
            state = State.SIZE_LF;
        }
    }

    private void trailerStart(byte b) throws MalformedMessage {
        if (b == '\r') {
            state = State.LAST_LF;
        } else {
            require(b != ':');
            trailerName(b);
        }
    }

    private void trailerName(byte b) throws MalformedMessage {
        require(++trailerBytes <= MAX_OVERHEAD && (b == ':' || Tokens.isTokenCharacter(b)));
        state = b == ':' ? State.TRAILER_VALUE : State.TRAILER_NAME;
    }

    private void trailerValue(byte b) throws MalformedMessage {
        require(++trailerBytes <= MAX_OVERHEAD && (b == '\r' || HeadParser.isValueByte(b)));
        if (b == '\r') {
            state = State.TRAILER_LF;
        }
    }

    private void become(boolean allowed, State next) throws MalformedMessage {
        require(allowed);
        state = next;
    }

    private static void require(boolean allowed) throws MalformedMessage {
        if (!allowed) {
            throw new MalformedMessage("a chunk is malformed");
        }
    }
}
