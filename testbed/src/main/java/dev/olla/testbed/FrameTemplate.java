package dev.olla.testbed;

import java.nio.charset.StandardCharsets;

/// The bytes of a stream's event before and after the place where a piece of the reply goes.
@SuppressWarnings("ArrayRecordComponent") // precomputed bytes, never compared
record FrameTemplate(byte[] prefix, byte[] suffix) {

    /// Stands for the piece in the JSON that a template is cut from.
    static final String PIECE = "~piece~";

    /// A template whose piece is the inside of a JSON string.
    static FrameTemplate ofText(String frame) {
        return cut(frame, PIECE);
    }

    /// A template whose piece is JSON itself.
    static FrameTemplate ofJson(String frame) {
        return cut(frame, '"' + PIECE + '"');
    }

    int length(byte[] piece) {
        return prefix.length + piece.length + suffix.length;
    }

    private static FrameTemplate cut(String frame, String mark) {
        int at = frame.indexOf(mark);
        return new FrameTemplate(
                frame.substring(0, at).getBytes(StandardCharsets.UTF_8),
                frame.substring(at + mark.length()).getBytes(StandardCharsets.UTF_8));
    }
}
