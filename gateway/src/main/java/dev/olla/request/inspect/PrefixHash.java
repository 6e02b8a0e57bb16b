package dev.olla.request.inspect;

/// The FNV-1a hash of the first bytes of a text that comes in pieces.
final class PrefixHash {

    private static final long START = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private final int limit;
    private long hash = START;
    private int count;

    /// @param limit how many bytes count
    PrefixHash(int limit) {
        this.limit = limit;
    }

    void add(byte[] bytes, int from, int end) {
        int last = (int) Math.min(end, (long) from + limit - count);
        for (int i = from; i < last; i++) {
            hash = (hash ^ (bytes[i] & 0xFF)) * PRIME;
        }
        count += Math.max(0, last - from);
    }

    boolean isEmpty() {
        return count == 0;
    }

    long value() {
        return hash;
    }

    void takeIfEmpty(PrefixHash other) {
        if (isEmpty()) {
            hash = other.hash;
            count = other.count;
        }
    }

    void clear() {
        hash = START;
        count = 0;
    }
}
