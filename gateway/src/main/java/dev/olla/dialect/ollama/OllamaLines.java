package dev.olla.dialect.ollama;

import dev.olla.dialect.AnswerBody;
import dev.olla.dialect.Json;
import dev.olla.http.FrameTooLong;
import dev.olla.http.LineReader;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The body of an Ollama answer as its bytes come: one JSON object per line, whether it is streamed or not. A whole
/// answer that was laid out over several lines is told by its first, a lone brace.
final class OllamaLines {

    /// Hears what the body holds.
    interface Listener {

        /// @param object one line
        void object(JsonNode object);

        /// A line that is no JSON object.
        void skipped();

        /// The body can't be read on.
        void unreadable(String why);
    }

    private final LineReader lines;
    private final int limit;
    private @Nullable ByteArrayOutputStream document;
    private boolean begun;
    private boolean unreadable;

    OllamaLines() {
        this(AnswerBody.DOCUMENT_LIMIT);
    }

    /// @param limit of a line and of a document, in bytes
    OllamaLines(int limit) {
        this.limit = limit;
        lines = new LineReader(limit);
    }

    void read(byte[] bytes, int offset, int length, Listener listener) {
        if (unreadable) {
            return;
        }
        try {
            lines.read(bytes, offset, length, (line, from, count) -> line(line, from, count, listener));
        } catch (FrameTooLong tooLong) {
            giveUp(String.valueOf(tooLong.getMessage()), listener);
        }
    }

    void end(Listener listener) {
        if (unreadable) {
            return;
        }
        try {
            lines.end((line, from, count) -> line(line, from, count, listener));
        } catch (FrameTooLong tooLong) {
            giveUp(String.valueOf(tooLong.getMessage()), listener);
            return;
        }
        if (document == null) {
            return;
        }
        byte[] all = document.toByteArray();
        JsonNode whole = Json.treeOrNull(all, 0, all.length);
        if (whole == null || !whole.isObject()) {
            giveUp("it is no JSON, or was cut off", listener);
        } else {
            listener.object(whole);
        }
    }

    private void line(byte[] line, int offset, int length, Listener listener) {
        if (unreadable || isBlank(line, offset, length)) {
            return;
        }
        boolean first = !begun;
        begun = true;
        if (document != null || (first && isLoneBrace(line, offset, length))) {
            keep(line, offset, length, listener);
            return;
        }
        JsonNode object = Json.treeOrNull(line, offset, length);
        if (object == null || !object.isObject()) {
            listener.skipped();
        } else {
            listener.object(object);
        }
    }

    private void keep(byte[] line, int offset, int length, Listener listener) {
        ByteArrayOutputStream kept = document == null ? new ByteArrayOutputStream() : document;
        document = kept;
        if (length > limit - kept.size()) {
            giveUp("it is longer than " + limit + " bytes", listener);
            return;
        }
        kept.write(line, offset, length);
        kept.write('\n');
    }

    private void giveUp(String why, Listener listener) {
        unreadable = true;
        document = null;
        listener.unreadable(why);
    }

    private static boolean isBlank(byte[] line, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (line[i] != ' ' && line[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLoneBrace(byte[] line, int offset, int length) {
        int braces = 0;
        for (int i = offset; i < offset + length; i++) {
            if (line[i] == '{') {
                braces++;
            } else if (line[i] != ' ' && line[i] != '\t') {
                return false;
            }
        }
        return braces == 1;
    }
}
