package dev.olla.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// One numbered server-sent event of a paced stream, about 120 bytes of JSON.
///
/// The id holds the stream, the number within it from 0, the time of sending
/// ([System#nanoTime], which processes of one Linux machine share) and a checksum of
/// the three, all in hexadecimal; every other byte is the same in all events. So an event
/// that was lost, moved, altered or delivered to the wrong stream can be told.
record PacedEvent(int stream, int number, long sentNanos) {

    private static final byte[] LAYOUT = """
            data: {"id":"ssssssss-nnnnnnnn-tttttttttttttttt-cccccccc","choices":[{"index":0,"delta":{"content":" a few words"}}]}

            """.getBytes(US_ASCII);

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(US_ASCII);
    private static final int STREAM_AT = 13;
    private static final int NUMBER_AT = STREAM_AT + 9;
    private static final int TIME_AT = NUMBER_AT + 9;
    private static final int CHECKSUM_AT = TIME_AT + 17;
    private static final int ID_END = CHECKSUM_AT + 8;

    /// The length of every event in bytes, the blank line included.
    static final int LENGTH = LAYOUT.length;

    /// What ends a stream.
    static final String DONE = "data: [DONE]\n\n";

    byte[] toBytes() {
        byte[] bytes = LAYOUT.clone();
        writeHex(bytes, STREAM_AT, 8, stream);
        writeHex(bytes, NUMBER_AT, 8, number);
        writeHex(bytes, TIME_AT, 16, sentNanos);
        writeHex(bytes, CHECKSUM_AT, 8, checksum(bytes));
        return bytes;
    }

    /// Reads the event held by the first `length` bytes, or null when it is not exactly as it was sent.
    static @Nullable PacedEvent read(byte[] bytes, int length) {
        if (length != LENGTH || !matchesLayout(bytes)) {
            return null;
        }
        if (readHex(bytes, CHECKSUM_AT, 8) != checksum(bytes)) {
            return null;
        }
        return new PacedEvent(
                (int) readHex(bytes, STREAM_AT, 8), (int) readHex(bytes, NUMBER_AT, 8), readHex(bytes, TIME_AT, 16));
    }

    private static boolean matchesLayout(byte[] bytes) {
        return Arrays.equals(bytes, 0, STREAM_AT, LAYOUT, 0, STREAM_AT)
                && Arrays.equals(bytes, ID_END, LENGTH, LAYOUT, ID_END, LENGTH);
    }

    private static long checksum(byte[] bytes) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes, STREAM_AT, CHECKSUM_AT - STREAM_AT);
        return checksum.getValue();
    }

    private static void writeHex(byte[] bytes, int at, int digits, long value) {
        long rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            bytes[i] = DIGITS[(int) (rest & 15)];
            rest >>>= 4;
        }
    }

    private static long readHex(byte[] bytes, int at, int digits) {
        long value = 0;
        for (int i = at; i < at + digits; i++) {
            value = (value << 4) | (Character.digit(bytes[i], 16) & 15);
        }
        return value;
    }
}
