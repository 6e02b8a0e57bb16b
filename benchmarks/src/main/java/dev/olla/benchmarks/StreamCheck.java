package dev.olla.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.BitSet;

/// Follows one stream's body and reports to a tally what is lost, moved, altered or repeated in it.
final class StreamCheck {

    private static final byte[] DONE = PacedEvent.DONE.getBytes(US_ASCII);

    private final int stream;
    private final int expected;
    private final Tally tally;
    private final BitSet seen = new BitSet();
    private final byte[] event = new byte[4 * PacedEvent.LENGTH];
    private int length;
    private int altered;
    private boolean done;

    StreamCheck(int stream, int expected, Tally tally) {
        this.stream = stream;
        this.expected = expected;
        this.tally = tally;
    }

    /// Whether any event has come.
    boolean hasStarted() {
        return !seen.isEmpty();
    }

    void accept(byte[] bytes, int from, int to, long nowNanos) {
        for (int at = from; at < to; at++) {
            event[length++] = bytes[at];
            boolean complete = bytes[at] == '\n' && length >= 2 && event[length - 2] == '\n';
            if (complete || length == event.length) {
                check(nowNanos);
                length = 0;
            }
        }
    }

    /// To be called once, when the body has ended or will never end.
    void finish() {
        if (length > 0) {
            altered++;
        }
        tally.faults(Fault.ALTERED, altered);
        int missing = Math.max(0, expected - seen.cardinality() - altered);
        boolean endLost = !done && missing == 0;
        tally.faults(Fault.LOST, endLost ? 1 : missing);
    }

    private void check(long nowNanos) {
        if (event[0] == ':') {
            return; // A comment, which any server may add to keep a connection alive.
        }
        if (Arrays.equals(event, 0, length, DONE, 0, DONE.length)) {
            done = true;
            return;
        }
        PacedEvent read = PacedEvent.read(event, length);
        if (read == null || read.stream() != stream || read.number() >= expected || read.number() < 0) {
            altered++;
            return;
        }
        place(read.number());
        tally.event(read.sentNanos(), nowNanos);
    }

    private void place(int number) {
        if (seen.get(number)) {
            tally.fault(Fault.REPEATED);
        } else if (number < seen.length()) {
            tally.fault(Fault.REORDERED);
        }
        seen.set(number);
    }
}
