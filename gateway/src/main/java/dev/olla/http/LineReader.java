package dev.olla.http;

/// Cuts a stream of bytes into its lines, however the bytes come: newline-delimited JSON, and the lines of
/// server-sent events. A line ends with CR, LF or both. Not safe for several threads.
public final class LineReader {

    /// The longest line that a stream of one answer may have unless told otherwise, in bytes.
    public static final int STANDARD_LIMIT = 1 << 20;

    /// Hears the lines.
    @FunctionalInterface
    public interface Listener {

        /// @param bytes to be read at once, not kept
        /// @param length without the end of the line; may be 0
        void line(byte[] bytes, int offset, int length) throws FrameTooLong;
    }

    private final GrowingBytes held;
    private final int limit;
    private boolean afterReturn;

    /// @param limit of a line, in bytes
    public LineReader(int limit) {
        this.limit = limit;
        held = new GrowingBytes(limit);
    }

    /// Takes the next bytes.
    ///
    /// @throws FrameTooLong the stream can't be read on
    public void read(byte[] bytes, int offset, int length, Listener listener) throws FrameTooLong {
        int end = offset + length;
        int position = offset;
        while (position < end) {
            if (isRestOfLineEnd(bytes[position])) {
                position++;
                continue;
            }
            int stop = lineEnd(bytes, position, end);
            if (stop == end) {
                held.add(bytes, position, end - position);
                return;
            }
            give(bytes, position, stop - position, listener);
            afterReturn = bytes[stop] == '\r';
            position = stop + 1;
        }
    }

    /// The stream is over; what there is of a last line without an end is given.
    public void end(Listener listener) throws FrameTooLong {
        if (held.length() > 0) {
            give(held.array(), 0, 0, listener);
        }
    }

    private boolean isRestOfLineEnd(byte next) {
        boolean rest = afterReturn && next == '\n';
        afterReturn = false;
        return rest;
    }

    private static int lineEnd(byte[] bytes, int from, int end) {
        int position = from;
        while (position < end && bytes[position] != '\n' && bytes[position] != '\r') {
            position++;
        }
        return position;
    }

    private void give(byte[] bytes, int offset, int length, Listener listener) throws FrameTooLong {
        if (held.length() == 0) {
            if (length > limit) {
                throw new FrameTooLong(limit);
            }
            listener.line(bytes, offset, length);
            return;
        }
        held.add(bytes, offset, length);
        listener.line(held.array(), 0, held.length());
        held.clear();
    }
}
