package dev.olla.request.stream;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;

/// The beginning of the body of an error, as far as it is read to tell what it says. Lives on one event loop.
final class ErrorBody {

    private static final int MOST_BYTES = 64 * 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);

    /// Leaves the buffer as it is.
    void add(ByteBuf data) {
        byte[] piece = new byte[Math.min(data.readableBytes(), MOST_BYTES - bytes.size())];
        data.getBytes(data.readerIndex(), piece);
        bytes.writeBytes(piece);
    }

    int size() {
        return bytes.size();
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
