package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/// The bytes of a request, held once from their arrival until the exchange is over, so that they can be sent again.
///
/// Filled and released by one owner; [#retain] lends it to another thread or a longer life.
public final class Body {

    private static final int SMALL = 4096;
    private static final int TAIL = 16 * 1024;

    private final List<ByteBuf> parts = new ArrayList<>(1);
    private long length;
    private int references = 1;
    private boolean tailIsOurs;

    public static Body empty() {
        return new Body();
    }

    public static Body of(byte[] bytes) {
        Body body = new Body();
        if (bytes.length > 0) {
            body.parts.add(Unpooled.wrappedBuffer(bytes));
            body.length = bytes.length;
        }
        return body;
    }

    /// In bytes.
    public long length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /// Takes over the buffer. Small pieces are gathered, so that a body that trickles in costs no more than its bytes.
    void append(ByteBufAllocator allocator, ByteBuf piece) {
        length += piece.readableBytes();
        if (piece.readableBytes() >= SMALL || parts.isEmpty()) {
            parts.add(piece);
            tailIsOurs = false;
            return;
        }
        try {
            gather(allocator, piece);
        } finally {
            piece.release();
        }
    }

    private void gather(ByteBufAllocator allocator, ByteBuf piece) {
        if (!tailIsOurs || parts.getLast().writableBytes() < piece.readableBytes()) {
            parts.add(allocator.directBuffer(TAIL, TAIL));
            tailIsOurs = true;
        }
        parts.getLast().writeBytes(piece);
    }

    /// Views of the bytes, in order; they live as long as this body and their indices are the caller's.
    public List<ByteBuf> views() {
        List<ByteBuf> views = new ArrayList<>(parts.size());
        for (ByteBuf part : parts) {
            views.add(part.slice());
        }
        return views;
    }

    /// This body with the bytes from `from` (inclusive) to `to` (exclusive) replaced; it holds its own references.
    public Body splice(long from, long to, byte[] replacement) {
        Body spliced = new Body();
        spliced.addRange(this, 0, from);
        spliced.addPart(Unpooled.wrappedBuffer(replacement));
        spliced.addRange(this, to, length);
        return spliced;
    }

    private void addRange(Body source, long from, long to) {
        long start = 0;
        for (ByteBuf part : source.parts) {
            long end = start + part.readableBytes();
            long first = Math.max(from, start);
            long last = Math.min(to, end);
            if (first < last) {
                addPart(part.retainedSlice(part.readerIndex() + (int) (first - start), (int) (last - first)));
            }
            start = end;
        }
    }

    private void addPart(ByteBuf part) {
        parts.add(part);
        length += part.readableBytes();
    }

    /// Keeps the bytes until one more [#release].
    public synchronized Body retain() {
        if (references <= 0) {
            throw new IllegalStateException("the body was released");
        }
        references++;
        return this;
    }

    public synchronized void release() {
        if (--references == 0) {
            parts.forEach(ByteBuf::release);
            parts.clear();
        }
    }

    /// A copy of the bytes; for small bodies and tests.
    public byte[] bytes() {
        byte[] bytes = new byte[Math.toIntExact(length)];
        int at = 0;
        for (ByteBuf part : parts) {
            part.getBytes(part.readerIndex(), bytes, at, part.readableBytes());
            at += part.readableBytes();
        }
        return bytes;
    }
}
