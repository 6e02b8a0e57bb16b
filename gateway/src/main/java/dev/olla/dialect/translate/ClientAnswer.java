package dev.olla.dialect.translate;

import dev.olla.dialect.Answer;
import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerWriter;
import dev.olla.dialect.EmbeddingAnswer;
import dev.olla.dialect.Json;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The client's side of an answer: one for all servers that are tried. Not safe for several threads.
public final class ClientAnswer {

    private final @Nullable AnswerWriter stream;
    private final Function<Answer, ObjectNode> document;
    private final Function<EmbeddingAnswer, ObjectNode> vectors;
    private final Consumer<ObjectNode> told;
    private final boolean lines;
    private Consumer<byte[]> copy = _ -> {};

    /// @param stream null where the client wants a whole document
    /// @param lines whether a stream is one of lines of JSON, not of events
    /// @param told hears of every whole document that the client gets
    ClientAnswer(
            @Nullable AnswerWriter stream,
            Function<Answer, ObjectNode> document,
            Function<EmbeddingAnswer, ObjectNode> vectors,
            boolean lines,
            Consumer<ObjectNode> told) {
        this.stream = stream;
        this.document = document;
        this.vectors = vectors;
        this.lines = lines;
        this.told = told;
    }

    /// Whether the client wants the answer in pieces.
    public boolean streams() {
        return stream != null;
    }

    /// The value of `Content-Type` of a good answer.
    public String contentType() {
        if (stream == null) {
            return "application/json";
        }
        return lines ? "application/x-ndjson" : "text/event-stream";
    }

    /// Gives what the client gets to another one too: the pieces of a stream, or the whole document.
    ///
    /// @param reader must not change the bytes
    public void copyTo(Consumer<byte[]> reader) {
        copy = reader;
    }

    private byte[] copied(byte[] told) {
        copy.accept(told);
        return told;
    }

    /// What keeps a silent stream alive; opens it where the format has a word for that. Empty where it has none.
    public byte[] ping() {
        return copied(writer().ping());
    }

    byte[] write(AnswerEvent event) {
        return copied(writer().write(event));
    }

    private AnswerWriter writer() {
        if (stream == null) {
            throw new IllegalStateException("the client wants no stream");
        }
        return stream;
    }

    byte[] document(Answer answer) {
        return told(document.apply(answer));
    }

    byte[] vectors(EmbeddingAnswer answer) {
        return told(vectors.apply(answer));
    }

    private byte[] told(ObjectNode whole) {
        told.accept(whole);
        return copied(Json.bytes(whole));
    }

    /// How a client that has heard a part of the answer, or just that it is waited for, is told that no more comes.
    public byte[] tell(AnswerEvent.Failed failure) {
        return stream == null ? new byte[0] : stream.write(failure);
    }
}
