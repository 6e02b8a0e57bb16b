package dev.olla.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A body of a length known beforehand (RFC 9112 §6.2).
final class SizedDecoder extends BodyDecoder {

    private long remaining;

    SizedDecoder(long length) {
        remaining = length;
    }

    @Override
    @Nullable
    ByteBuf next(ByteBuf in) {
        int count = (int) Math.min(remaining, in.readableBytes());
        if (count == 0) {
            return null;
        }
        remaining -= count;
        return in.readRetainedSlice(count);
    }

    @Override
    boolean ended() {
        return remaining == 0;
    }

    long remaining() {
        return remaining;
    }
}
