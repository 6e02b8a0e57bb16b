package dev.olla.dialect;

import dev.olla.dialect.anthropic.MessagesAnswerReader;
import dev.olla.dialect.anthropic.MessagesRequestReader;
import dev.olla.dialect.anthropic.MessagesStreamWriter;
import dev.olla.dialect.openai.ChatAnswerReader;
import dev.olla.dialect.openai.ChatRequestReader;
import dev.olla.dialect.openai.ChatStreamWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/// What tests of formats share: bytes in, events or bytes out.
public final class Wire {

    public static final Asked ASKED = new Asked("asked-model", 28, true, false, 1_700_000_000);

    private Wire() {}

    /// The same names each time.
    public static Identifiers identifiers() {
        return new Identifiers(new SplittableRandom(7));
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Quotes are written as `'`.
    public static JsonNode json(String text) {
        return tree(text.replace('\'', '"'));
    }

    public static JsonNode tree(String text) {
        try {
            byte[] bytes = utf8(text);
            return Json.tree(bytes, 0, bytes.length);
        } catch (BadRequest wrong) {
            throw new AssertionError(wrong);
        }
    }

    public static Conversation anthropic(String request) throws BadRequest {
        return new MessagesRequestReader().read(json(request));
    }

    public static Conversation openAi(String request) throws BadRequest {
        return new ChatRequestReader().read(json(request));
    }

    public static AnswerReader openAiReader() {
        return new ChatAnswerReader(identifiers());
    }

    public static AnswerReader anthropicReader() {
        return new MessagesAnswerReader(identifiers());
    }

    public static AnswerWriter openAiWriter() {
        return new ChatStreamWriter(ASKED, identifiers());
    }

    public static AnswerWriter anthropicWriter() {
        return new MessagesStreamWriter(ASKED, identifiers());
    }

    public static List<AnswerEvent> read(AnswerReader reader, byte[] body) {
        return read(reader, body, body.length);
    }

    /// The events of a body that came in two pieces.
    public static List<AnswerEvent> read(AnswerReader reader, byte[] body, int cut) {
        List<AnswerEvent> events = new ArrayList<>();
        reader.read(body, 0, cut, events::add);
        reader.read(body, cut, body.length - cut, events::add);
        reader.end(events::add);
        return events;
    }

    /// A stream of such chunks; quotes are written as `'`.
    public static byte[] stream(String... chunks) {
        StringBuilder all = new StringBuilder();
        for (String chunk : chunks) {
            all.append("data: ").append(chunk.replace('\'', '"')).append("\n\n");
        }
        return utf8(all.toString());
    }

    public static String write(AnswerWriter writer, List<AnswerEvent> events) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        events.forEach(event -> out.writeBytes(writer.write(event)));
        return out.toString(StandardCharsets.UTF_8);
    }

    /// What the events add up to.
    public static AnswerCollector.Result collect(List<AnswerEvent> events) {
        AnswerCollector collector = new AnswerCollector();
        events.forEach(collector);
        return collector.result();
    }

    public static Answer answer(List<AnswerEvent> events) {
        return ((AnswerCollector.Result.Whole) collect(events)).answer();
    }
}
