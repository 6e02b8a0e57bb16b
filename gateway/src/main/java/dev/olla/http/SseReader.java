package dev.olla.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads a stream of server-sent events (HTML Living Standard §9.2.6), however its bytes are cut.
///
/// An event without data is none. One difference to the standard: a last event that lacks its empty line is given
/// too, since servers forget it after `[DONE]`. Not safe for several threads.
public final class SseReader {

    /// Hears the events.
    @FunctionalInterface
    public interface Listener {

        /// @param name empty where the event has none
        /// @param data in UTF-8, its lines joined by LF; to be read at once, not kept
        void event(String name, byte[] data, int offset, int length);
    }

    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final LineReader lines;
    private final GrowingBytes data;
    private final LineReader.Listener eachLine = this::line;
    private @Nullable Listener listener;
    private String name = "";
    private boolean hasData;
    private boolean begun;

    /// @param limit of a line and of the data of an event, in bytes
    public SseReader(int limit) {
        lines = new LineReader(limit);
        data = new GrowingBytes(limit);
    }

    /// Takes the next bytes.
    ///
    /// @throws FrameTooLong the stream can't be read on
    public void read(byte[] bytes, int offset, int length, Listener to) throws FrameTooLong {
        listener = to;
        lines.read(bytes, offset, length, eachLine);
    }

    /// The stream is over.
    public void end(Listener to) throws FrameTooLong {
        listener = to;
        lines.end(eachLine);
        dispatch();
    }

    private void line(byte[] bytes, int start, int count) throws FrameTooLong {
        int offset = start;
        int length = count;
        if (!begun) {
            begun = true;
            if (startsWith(bytes, offset, length, BYTE_ORDER_MARK)) {
                offset += BYTE_ORDER_MARK.length;
                length -= BYTE_ORDER_MARK.length;
            }
        }
        if (length == 0) {
            dispatch();
        } else {
            field(bytes, offset, length);
        }
    }

    private void field(byte[] bytes, int offset, int length) throws FrameTooLong {
        if (isField(bytes, offset, length, DATA)) {
            int value = value(bytes, offset, length, DATA);
            if (hasData) {
                data.add((byte) '\n');
            }
            hasData = true;
            data.add(bytes, value, offset + length - value);
        } else if (isField(bytes, offset, length, EVENT)) {
            int value = value(bytes, offset, length, EVENT);
            name = new String(bytes, value, offset + length - value, StandardCharsets.UTF_8);
        }
    }

    private static boolean isField(byte[] bytes, int offset, int length, byte[] field) {
        return startsWith(bytes, offset, length, field)
                && (length == field.length || bytes[offset + field.length] == ':');
    }

    /// Where the value begins: after the colon, and after one space.
    private static int value(byte[] bytes, int offset, int length, byte[] field) {
        int position = offset + Math.min(length, field.length + 1);
        return position < offset + length && bytes[position] == ' ' ? position + 1 : position;
    }

    private static boolean startsWith(byte[] bytes, int offset, int length, byte[] prefix) {
        if (length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[offset + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private void dispatch() {
        if (hasData && listener != null) {
            listener.event(name, data.array(), 0, data.length());
        }
        hasData = false;
        name = "";
        data.clear();
    }
}
