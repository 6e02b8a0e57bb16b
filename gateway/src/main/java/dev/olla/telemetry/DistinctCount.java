package dev.olla.telemetry;

/// Counts different texts in a kilobyte, by linear counting: exact for a few, within some percent for thousands, at
/// its limit near 70,000. Guarded by its owner.
final class DistinctCount {

    private static final int BITS = 8192;

    private final long[] bits = new long[BITS / Long.SIZE];

    void add(String text) {
        int hash = text.hashCode() * 0x9E3779B1;
        int bit = (hash ^ (hash >>> 15)) & (BITS - 1);
        bits[bit / Long.SIZE] |= 1L << bit;
    }

    long count() {
        int empty = BITS;
        for (long word : bits) {
            empty -= Long.bitCount(word);
        }
        return Math.round(-BITS * Math.log((double) Math.max(1, empty) / BITS));
    }
}
