package dev.olla.dialect;

import dev.olla.http.FrameTooLong;
import dev.olla.http.LineReader;
import dev.olla.http.SseReader;
import java.io.ByteArrayOutputStream;
import tools.jackson.databind.JsonNode;

/// The body of an answer as its bytes come: a stream of server-sent events, or one JSON document, whichever the
/// server chose to send. The first byte that isn't blank tells: only a document begins with a brace.
public final class AnswerBody {

    /// The largest document, in bytes.
    public static final int DOCUMENT_LIMIT = 32 << 20;

    /// Hears what the body holds.
    public interface Listener {

        /// @param data to be read at once, not kept
        void event(String name, byte[] data, int offset, int length);

        /// The body was one document.
        void document(JsonNode whole);

        /// The body can't be read on.
        void unreadable(String why);

        /// The body is over.
        void end();
    }

    private enum Kind {
        UNKNOWN,
        STREAM,
        DOCUMENT,
        UNREADABLE
    }

    private final SseReader events;
    private final ByteArrayOutputStream document = new ByteArrayOutputStream(0);
    private final int documentLimit;
    private Kind kind = Kind.UNKNOWN;

    public AnswerBody() {
        this(LineReader.STANDARD_LIMIT, DOCUMENT_LIMIT);
    }

    /// @param eventLimit of a line and of an event, in bytes
    /// @param documentLimit in bytes
    public AnswerBody(int eventLimit, int documentLimit) {
        this.events = new SseReader(eventLimit);
        this.documentLimit = documentLimit;
    }

    /// Takes the next bytes.
    public void read(byte[] bytes, int offset, int length, Listener listener) {
        int skipped = kind == Kind.UNKNOWN ? decide(bytes, offset, length) : 0;
        if (kind == Kind.STREAM) {
            stream(bytes, offset + skipped, length - skipped, listener);
        } else if (kind == Kind.DOCUMENT) {
            keep(bytes, offset + skipped, length - skipped, listener);
        }
    }

    /// How many blank bytes come before the first that tells.
    private int decide(byte[] bytes, int offset, int length) {
        for (int i = 0; i < length; i++) {
            byte next = bytes[offset + i];
            if (next != ' ' && next != '\t' && next != '\r' && next != '\n') {
                kind = next == '{' ? Kind.DOCUMENT : Kind.STREAM;
                return i;
            }
        }
        return length;
    }

    private void stream(byte[] bytes, int offset, int length, Listener listener) {
        try {
            events.read(bytes, offset, length, listener::event);
        } catch (FrameTooLong tooLong) {
            giveUp(String.valueOf(tooLong.getMessage()), listener);
        }
    }

    private void keep(byte[] bytes, int offset, int length, Listener listener) {
        if (length > documentLimit - document.size()) {
            giveUp("it is longer than " + documentLimit + " bytes", listener);
            return;
        }
        document.write(bytes, offset, length);
    }

    private void giveUp(String why, Listener listener) {
        kind = Kind.UNREADABLE;
        document.reset();
        listener.unreadable(why);
    }

    /// The body is over.
    public void end(Listener listener) {
        if (kind == Kind.STREAM) {
            endStream(listener);
        } else if (kind == Kind.DOCUMENT) {
            endDocument(listener);
        }
        if (kind != Kind.UNREADABLE) {
            listener.end();
        }
    }

    private void endStream(Listener listener) {
        try {
            events.end(listener::event);
        } catch (FrameTooLong tooLong) {
            giveUp(String.valueOf(tooLong.getMessage()), listener);
        }
    }

    private void endDocument(Listener listener) {
        byte[] all = document.toByteArray();
        JsonNode whole = Json.treeOrNull(all, 0, all.length);
        if (whole == null) {
            giveUp("it is no JSON, or was cut off", listener);
        } else {
            listener.document(whole);
        }
    }
}
