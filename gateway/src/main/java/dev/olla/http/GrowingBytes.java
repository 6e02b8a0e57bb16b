package dev.olla.http;

import java.util.Arrays;

/// Bytes that wait for more, up to a limit.
final class GrowingBytes {

    private static final int FIRST = 512;

    /// What is kept for the next use; a larger array is let go.
    private static final int KEPT = 64 * 1024;

    private final int limit;
    private byte[] array = new byte[FIRST];
    private int length;

    GrowingBytes(int limit) {
        this.limit = limit;
    }

    void add(byte[] bytes, int offset, int count) throws FrameTooLong {
        if (count > limit - length) {
            throw new FrameTooLong(limit);
        }
        if (count > array.length - length) {
            int doubled = (int) Math.min(limit, 2L * array.length);
            array = Arrays.copyOf(array, Math.max(doubled, length + count));
        }
        System.arraycopy(bytes, offset, array, length, count);
        length += count;
    }

    void add(byte one) throws FrameTooLong {
        add(new byte[] {one}, 0, 1);
    }

    byte[] array() {
        return array;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
        if (array.length > KEPT) {
            array = new byte[FIRST];
        }
    }
}
