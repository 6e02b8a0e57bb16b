package dev.olla.request.stream;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The first and the last bytes of a body that passes, which is where answers tell what they have cost.
///
/// Keeps no more than `head` and `tail` bytes; copies, so that nothing is held back.
final class AnswerTail {

    private static final int FIRST = 256;

    private final int headLimit;
    private final byte[] tail;
    private byte[] head = new byte[0];
    private int headLength;
    /// Where the next byte goes in the ring.
    private int position;
    private long total;

    AnswerTail(int headLimit, int tailLimit) {
        this.headLimit = headLimit;
        this.tail = new byte[tailLimit];
    }

    /// Leaves the buffer as it is.
    void add(ByteBuf data) {
        int count = data.readableBytes();
        addToHead(data, count);
        addToTail(data, count);
        total += count;
    }

    private void addToHead(ByteBuf data, int count) {
        int taken = Math.min(count, headLimit - headLength);
        if (taken <= 0) {
            return;
        }
        if (head.length < headLength + taken) {
            int wanted = Math.max(headLength + taken, Math.max(FIRST, head.length * 2));
            head = Arrays.copyOf(head, Math.min(headLimit, wanted));
        }
        data.getBytes(data.readerIndex(), head, headLength, taken);
        headLength += taken;
    }

    private void addToTail(ByteBuf data, int count) {
        int kept = Math.min(count, tail.length);
        int from = data.writerIndex() - kept;
        int untilEnd = Math.min(kept, tail.length - position);
        data.getBytes(from, tail, position, untilEnd);
        data.getBytes(from + untilEnd, tail, 0, kept - untilEnd);
        position = (position + kept) % tail.length;
    }

    /// Whether all that passed is in [#head].
    boolean headIsAll() {
        return total == headLength;
    }

    byte[] head() {
        return Arrays.copyOf(head, headLength);
    }

    /// The last bytes in their order.
    byte[] tail() {
        if (total < tail.length) {
            return Arrays.copyOf(tail, (int) total);
        }
        byte[] ordered = new byte[tail.length];
        System.arraycopy(tail, position, ordered, 0, tail.length - position);
        System.arraycopy(tail, 0, ordered, tail.length - position, position);
        return ordered;
    }
}
