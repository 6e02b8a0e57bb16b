package dev.olla.request.stream;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The first and the last bytes of a body that passes, which is where answers tell what they have cost.
///
/// Keeps no more than `head` and `tail` bytes; copies, so that nothing is held back.
final class AnswerTail {

    private static final int FIRST = 256;

    private final int headLimit;
    private final int tailLimit;
    /// Made when the head is full.
    private byte[] tail = new byte[0];
    private byte[] head = new byte[0];
    private int headLength;
    /// Where the next byte goes in the ring.
    private int position;
    private long total;

    AnswerTail(int headLimit, int tailLimit) {
        this.headLimit = headLimit;
        this.tailLimit = tailLimit;
    }

    /// Leaves the buffer as it is.
    void add(ByteBuf data) {
        int count = data.readableBytes();
        addToHead(data, count);
        total += count;
        if (total > headLength) {
            addToTail(data, count);
        }
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
        if (tail.length == 0) {
            startTail(data, count);
            return;
        }
        int kept = Math.min(count, tail.length);
        int from = data.writerIndex() - kept;
        int untilEnd = Math.min(kept, tail.length - position);
        data.getBytes(from, tail, position, untilEnd);
        data.getBytes(from + untilEnd, tail, 0, kept - untilEnd);
        position = (position + kept) % tail.length;
    }

    /// The end of what passed before this piece is in the head.
    private void startTail(ByteBuf data, int count) {
        int before = (int) (total - count);
        tail = new byte[tailLimit];
        int kept = Math.min(before, tailLimit);
        System.arraycopy(head, before - kept, tail, 0, kept);
        position = kept % tailLimit;
        addToTail(data, count);
    }

    /// Whether all that passed is in [#head].
    boolean headIsAll() {
        return total == headLength;
    }

    /// The first bytes, not to be changed.
    byte[] head() {
        return head.length == headLength ? head : Arrays.copyOf(head, headLength);
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
