package dev.olla.dialect;

import dev.olla.dialect.anthropic.MessagesAnswerReader;
import dev.olla.dialect.anthropic.MessagesDocumentWriter;
import dev.olla.dialect.anthropic.MessagesRequestReader;
import dev.olla.dialect.anthropic.MessagesRequestWriter;
import dev.olla.dialect.anthropic.MessagesStreamWriter;
import dev.olla.dialect.ollama.OllamaAnswerReader;
import dev.olla.dialect.ollama.OllamaDocumentWriter;
import dev.olla.dialect.ollama.OllamaForm;
import dev.olla.dialect.ollama.OllamaRequest;
import dev.olla.dialect.ollama.OllamaRequestReader;
import dev.olla.dialect.ollama.OllamaRequestWriter;
import dev.olla.dialect.ollama.OllamaStreamWriter;
import dev.olla.dialect.openai.ChatAnswerReader;
import dev.olla.dialect.openai.ChatDocumentWriter;
import dev.olla.dialect.openai.ChatRequestReader;
import dev.olla.dialect.openai.ChatRequestWriter;
import dev.olla.dialect.openai.ChatStreamWriter;
import dev.olla.dialect.responses.ResponseFrame;
import dev.olla.dialect.responses.ResponsesAnswerReader;
import dev.olla.dialect.responses.ResponsesDocumentWriter;
import dev.olla.dialect.responses.ResponsesRequestReader;
import dev.olla.dialect.responses.ResponsesRequestWriter;
import dev.olla.dialect.responses.ResponsesStreamWriter;
import java.time.Instant;
import java.time.InstantSource;
import tools.jackson.databind.JsonNode;

/// The four formats with all that each can do.
public enum Format {
    OPENAI,
    RESPONSES,
    ANTHROPIC,
    OLLAMA;

    public static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
    public static final InstantSource CLOCK = InstantSource.fixed(TIME);

    /// Half a second before.
    public static final Instant BEGUN = TIME.minusMillis(500);

    private static final ResponseFrame FRAME = new ResponseFrame(Json.object());

    public Conversation read(JsonNode request) throws BadRequest {
        return switch (this) {
            case OPENAI -> new ChatRequestReader().read(request);
            case RESPONSES -> new ResponsesRequestReader().read(request);
            case ANTHROPIC -> new MessagesRequestReader().read(request);
            case OLLAMA ->
                ((OllamaRequest.Conversing) new OllamaRequestReader(OllamaForm.CHAT).read(request)).conversation();
        };
    }

    public RequestWriter writer() {
        return switch (this) {
            case OPENAI -> new ChatRequestWriter();
            case RESPONSES -> new ResponsesRequestWriter();
            case ANTHROPIC -> new MessagesRequestWriter();
            case OLLAMA -> new OllamaRequestWriter();
        };
    }

    public AnswerReader answerReader() {
        Identifiers identifiers = Wire.identifiers();
        return switch (this) {
            case OPENAI -> new ChatAnswerReader(identifiers);
            case RESPONSES -> new ResponsesAnswerReader();
            case ANTHROPIC -> new MessagesAnswerReader(identifiers);
            case OLLAMA -> new OllamaAnswerReader(identifiers);
        };
    }

    public AnswerWriter answerWriter() {
        Identifiers identifiers = Wire.identifiers();
        return switch (this) {
            case OPENAI -> new ChatStreamWriter(Wire.ASKED, identifiers);
            case RESPONSES -> new ResponsesStreamWriter(Wire.ASKED, FRAME, identifiers);
            case ANTHROPIC -> new MessagesStreamWriter(Wire.ASKED, identifiers);
            case OLLAMA -> new OllamaStreamWriter(Wire.ASKED, OllamaForm.CHAT, CLOCK, BEGUN);
        };
    }

    public WholeAnswerWriter documentWriter() {
        Identifiers identifiers = Wire.identifiers();
        return switch (this) {
            case OPENAI -> new ChatDocumentWriter(identifiers);
            case RESPONSES -> new ResponsesDocumentWriter(FRAME, identifiers);
            case ANTHROPIC -> new MessagesDocumentWriter(identifiers);
            case OLLAMA -> new OllamaDocumentWriter(OllamaForm.CHAT, CLOCK, BEGUN);
        };
    }
}
