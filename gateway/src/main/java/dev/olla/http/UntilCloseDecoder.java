package dev.olla.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A body that ends with its connection (RFC 9112 §6.3, item 8).
final class UntilCloseDecoder extends BodyDecoder {

    @Override
    @Nullable
    ByteBuf next(ByteBuf in) {
        return in.isReadable() ? in.readRetainedSlice(in.readableBytes()) : null;
    }

    @Override
    boolean ended() {
        return false;
    }

    @Override
    boolean endsWithConnection() {
        return true;
    }
}
