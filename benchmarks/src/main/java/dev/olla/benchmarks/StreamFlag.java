package dev.olla.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.util.ByteProcessor;

/// Looks for `"stream":true` in bytes that come in pieces.
final class StreamFlag implements ByteProcessor {

    private static final byte[] FLAG = "\"stream\":true".getBytes(US_ASCII);

    private int matched;

    @Override
    public boolean process(byte value) {
        if (value == FLAG[matched]) {
            matched++;
        } else {
            matched = value == FLAG[0] ? 1 : 0;
        }
        return !isFound();
    }

    boolean isFound() {
        return matched == FLAG.length;
    }

    void reset() {
        matched = 0;
    }
}
