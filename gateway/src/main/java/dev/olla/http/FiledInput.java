package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;

/// The part of a body that is in a file, read from its start; reading blocks.
final class FiledInput extends InputStream {

    private static final int WINDOW = 64 * 1024;

    private final BodyFile file;
    private final long offset;
    private final long length;
    private final ByteBuf window = Unpooled.buffer(WINDOW, WINDOW);
    private long at;

    FiledInput(BodyFile file, long offset, long length) {
        this.file = file;
        this.offset = offset;
        this.length = length;
    }

    @Override
    public int read() throws IOException {
        return fill() ? window.readByte() & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int start, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int read = Math.min(count, window.readableBytes());
        window.readBytes(into, start, read);
        return read;
    }

    private boolean fill() throws IOException {
        if (!window.isReadable() && at < length) {
            int count = (int) Math.min(WINDOW, length - at);
            window.clear();
            file.read(window, offset + at, count);
            at += count;
        }
        return window.isReadable();
    }
}
