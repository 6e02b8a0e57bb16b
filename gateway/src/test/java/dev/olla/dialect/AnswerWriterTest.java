package dev.olla.dialect;

import static dev.olla.dialect.Wire.anthropicReader;
import static dev.olla.dialect.Wire.anthropicWriter;
import static dev.olla.dialect.Wire.openAiReader;
import static dev.olla.dialect.Wire.openAiWriter;
import static dev.olla.dialect.Wire.read;
import static dev.olla.dialect.Wire.utf8;
import static dev.olla.dialect.Wire.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.dialect.AnswerEvent.Failed;
import dev.olla.dialect.AnswerEvent.Finished;
import dev.olla.dialect.AnswerEvent.Refusal;
import dev.olla.dialect.AnswerEvent.Started;
import dev.olla.dialect.AnswerEvent.Text;
import dev.olla.dialect.AnswerEvent.Thinking;
import dev.olla.dialect.AnswerEvent.ThinkingSigned;
import dev.olla.dialect.AnswerEvent.ToolArguments;
import dev.olla.dialect.AnswerEvent.ToolCallStarted;
import dev.olla.dialect.AnswerEvent.Used;
import dev.olla.dialect.anthropic.MessagesDocumentWriter;
import dev.olla.dialect.anthropic.MessagesStreamWriter;
import dev.olla.dialect.openai.ChatDocumentWriter;
import dev.olla.dialect.openai.ChatStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class AnswerWriterTest {

    private static final Started START = new Started("chatcmpl-1", "m", 12);
    private static final Finished END = new Finished(StopReason.END, null);

    /// The data of each event.
    private static List<JsonNode> data(String stream) {
        List<JsonNode> all = new ArrayList<>();
        for (String line : stream.split("\n", -1)) {
            if (line.startsWith("data: {")) {
                all.add(Wire.tree(line.substring(6)));
            }
        }
        return all;
    }

    private static String anthropic(AnswerEvent... events) {
        return write(anthropicWriter(), List.of(events));
    }

    private static String openAi(AnswerEvent... events) {
        return write(openAiWriter(), List.of(events));
    }

    @Test
    void aChatStreamIsWrittenByteForByte() {
        assertThat(openAi(
                        START,
                        new Thinking("hm"),
                        new ThinkingSigned("c2ln"),
                        new Text("<a> & \u00e4"),
                        new ToolCallStarted(0, "t", "f"),
                        new ToolArguments(0, "{}"),
                        new Refusal("no"),
                        new Used(new Usage(5L, 3L, 2L, 1L, null, null, null)),
                        new Finished(StopReason.TOOL_USE, null)))
                .isEqualTo(
                        """
                        data: @"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

                        data: @"choices":[{"index":0,"delta":{"reasoning_content":"hm"},"finish_reason":null}],"usage":null}

                        data: @"choices":[{"index":0,"delta":{"content":"<a> & \u00e4"},"finish_reason":null}],"usage":null}

                        data: @"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t","type":"function",\
                        "function":{"name":"f","arguments":""}}]},"finish_reason":null}],"usage":null}

                        data: @"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]},\
                        "finish_reason":null}],"usage":null}

                        data: @"choices":[{"index":0,"delta":{"refusal":"no"},"finish_reason":null}],"usage":null}

                        data: @"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":null}

                        data: @"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8,\
                        "prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":1}}}

                        data: [DONE]

                        """.replace(
                                        "@",
                                        "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":12,\"model\":\"m\","));
    }

    @Test
    void aClientThatDidntAskForTheCostIsntTold() {
        AnswerWriter writer = new ChatStreamWriter(new Asked("m", 1, false, false, 9), Wire.identifiers());
        String written = write(writer, List.of(START, new Text("x"), new Used(Usage.of(1L, 1L)), END));

        assertThat(written).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aClientThatSpeaksOfFunctionsHearsOfFunctions() {
        Asked asked = new Asked("m", 1, false, true, 9);
        List<AnswerEvent> events = List.of(
                START,
                new ToolCallStarted(0, "t", "f"),
                new ToolArguments(0, "{}"),
                new Finished(StopReason.TOOL_USE, null));

        assertThat(write(new ChatStreamWriter(asked, Wire.identifiers()), events))
                .contains("\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}")
                .contains("\"function_call\":{\"arguments\":\"{}\"}")
                .contains("\"finish_reason\":\"function_call\"")
                .doesNotContain("tool_calls");
        JsonNode document = new ChatDocumentWriter(Wire.identifiers()).write(Wire.answer(events), asked);
        assertThat(document.at("/choices/0/message/function_call/arguments").asString())
                .isEqualTo("{}");
    }

    @Test
    void aFailedChatStreamEndsWithAnErrorAndNoMark() {
        String written = openAi(START, new Text("x"), new Failed(502, null, "gone"), END);

        assertThat(written)
                .endsWith(
                        "data: {\"error\":{\"message\":\"gone\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n")
                .doesNotContain("[DONE]");
    }

    @Test
    void aFailedMessageStreamEndsWithAnErrorEvent() {
        String written = anthropic(START, new Text("x"), new Failed(529, null, "busy"), END);

        assertThat(written)
                .endsWith("event: error\ndata: {\"type\":\"error\",\"error\":"
                        + "{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n")
                .doesNotContain("message_stop")
                .doesNotContain("end_turn");
    }

    @Test
    void interleavedCallsBecomeBlocksOneAfterTheOther() {
        String written = anthropic(
                START,
                new ToolCallStarted(0, "a", "f"),
                new ToolArguments(0, "{"),
                new ToolCallStarted(1, "b", "g"),
                new ToolArguments(1, "["),
                new Text("between"),
                new ToolArguments(0, "}"),
                new ToolArguments(1, "]"),
                new Finished(StopReason.TOOL_USE, null));

        Answer answer = Wire.answer(read(anthropicReader(), utf8(written)));
        assertThat(answer.content())
                .containsExactly(
                        new Part.ToolCall("a", "f", "{}"), new Part.ToolCall("b", "g", "[]"), new Part.Text("between"));
        assertThat(data(written))
                .filteredOn(event -> event.path("type").asString().startsWith("content_block_st"))
                .extracting(event -> event.path("index").intValue())
                .containsExactly(0, 0, 1, 1, 2, 2);
    }

    @Test
    void theFirstCallsArgumentsDontWait() {
        AnswerWriter writer = anthropicWriter();
        write(writer, List.of(START, new ToolCallStarted(0, "a", "f")));

        assertThat(write(writer, List.of(new ToolArguments(0, "{")))).contains("partial_json");
        assertThat(writer.write(new ToolCallStarted(1, "b", "g"))).isEmpty();
    }

    @Test
    void aSignatureEndsItsThought() {
        List<JsonNode> events = data(
                anthropic(START, new Thinking("a"), new ThinkingSigned("c2ln"), new Thinking("b"), new Text("x"), END));

        assertThat(events)
                .filteredOn(event -> event.at("/delta/type").asString("").equals("signature_delta"))
                .extracting(event -> event.at("/delta/signature").asString())
                .containsExactly("c2ln", "bG9jYWw=");
        assertThat(events)
                .filteredOn(event -> event.path("type").asString().equals("content_block_start"))
                .hasSize(3);
    }

    @Test
    void aPingBeforeTheAnswerOpensTheStream() {
        AnswerWriter writer = anthropicWriter();
        String first = new String(writer.ping(), StandardCharsets.UTF_8);
        String second = new String(writer.ping(), StandardCharsets.UTF_8);
        String rest = write(writer, List.of(START, new Text("x"), END));

        assertThat(first)
                .startsWith("event: message_start\n")
                .contains("\"model\":\"asked-model\"")
                .endsWith("event: ping\ndata: {\"type\":\"ping\"}\n\n");
        assertThat(second).isEqualTo("event: ping\ndata: {\"type\":\"ping\"}\n\n");
        assertThat(rest).doesNotContain("message_start").endsWith("{\"type\":\"message_stop\"}\n\n");
        assertThat(writer.ping()).isEmpty();
    }

    @Test
    void whatTheServerDoesntCountIsEstimated() {
        JsonNode end = data(anthropic(START, new Text("\u00e4".repeat(8)), END)).stream()
                .filter(event -> event.has("usage"))
                .findFirst()
                .orElseThrow();

        assertThat(end.at("/usage/output_tokens").intValue()).isEqualTo(4);
        assertThat(end.at("/usage/input_tokens").intValue()).isEqualTo(28);
    }

    @Test
    void cachedTokensAreCountedBesideTheInput() {
        String written = anthropic(START, new Used(new Usage(10L, 2L, 4L, null, null, null, null)), END);

        assertThat(written)
                .contains("\"usage\":{\"input_tokens\":6,\"output_tokens\":2,\"cache_creation_input_tokens\":0,"
                        + "\"cache_read_input_tokens\":4}");
    }

    @Test
    void anAnswerWithoutContentIsStillWhole() {
        assertThat(data(anthropic(START, END)))
                .extracting(event -> event.path("type").asString())
                .containsExactly("message_start", "message_delta", "message_stop");
        assertThat(openAi(END)).contains("\"role\":\"assistant\"").endsWith("[DONE]\n\n");
    }

    @Test
    void theStopSequenceIsNamed() {
        assertThat(anthropic(START, new Finished(StopReason.STOP_SEQUENCE, "END")))
                .contains("{\"stop_reason\":\"stop_sequence\",\"stop_sequence\":\"END\"}");
    }

    @ParameterizedTest
    @EnumSource(StopReason.class)
    void everyReasonHasAWordInBothFormats(StopReason reason) {
        boolean own = reason == StopReason.LOADED || reason == StopReason.UNLOADED;
        Finished end = new Finished(reason, null);
        Answer messages = Wire.answer(read(anthropicReader(), utf8(anthropic(START, end))));
        Answer chat = Wire.answer(read(openAiReader(), utf8(openAi(START, end))));

        assertThat(messages.stop()).isEqualTo(own ? StopReason.END : reason);
        assertThat(chat.stop()).isEqualTo(own || reason == StopReason.STOP_SEQUENCE ? StopReason.END : reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no json", "[1]", "7", "{\"a\":"})
    void argumentsThatAreNoObjectAreEmptyInAWholeMessage(String arguments) {
        Answer answer = new Answer(
                null,
                null,
                0,
                List.of(new Part.ToolCall("t", "f", arguments)),
                StopReason.TOOL_USE,
                null,
                Usage.UNKNOWN);

        assertThat(Json.text(new MessagesDocumentWriter(Wire.identifiers())
                        .write(answer, Wire.ASKED)
                        .path("content")))
                .isEqualTo("[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}]");
    }

    @Test
    void aWholeCompletionHoldsEverything() {
        Answer answer = new Answer(
                null,
                null,
                0,
                List.of(
                        new Part.Thinking("hm"),
                        new Part.Text("a"),
                        new Part.ToolCall("t", "f", "{\"x\":1e400}"),
                        new Part.ToolCall("u", "g", "")),
                StopReason.TOOL_USE,
                null,
                Usage.of(3L, 2L));

        JsonNode written = new ChatDocumentWriter(Wire.identifiers()).write(answer, Wire.ASKED);

        assertThat(written.path("id").asString()).startsWith("chatcmpl-");
        assertThat(written.path("model").asString()).isEqualTo("asked-model");
        assertThat(written.path("created").longValue()).isEqualTo(1_700_000_000);
        assertThat(Json.text(written.path("choices"))).isEqualTo("""
                [{"index":0,"message":{"role":"assistant","content":"a","reasoning_content":"hm","refusal":null,\
                "tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{\\"x\\":1e400}"}},\
                {"id":"u","type":"function","function":{"name":"g","arguments":"{}"}}]},"logprobs":null,\
                "finish_reason":"tool_calls"}]""");
        assertThat(Json.text(written.path("usage")))
                .isEqualTo("{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}");
    }

    @Test
    void tooMuchHeldBackIsAFailure() {
        List<AnswerEvent> heard = new ArrayList<>();
        SequentialCalls calls = new SequentialCalls(heard::add, 10);
        calls.accept(new ToolCallStarted(0, "a", "f"));
        calls.accept(new ToolCallStarted(1, "b", "g"));
        calls.accept(new ToolArguments(1, "12345678901"));
        calls.accept(END);

        assertThat(heard).hasSize(2).last().isInstanceOf(Failed.class);
    }

    /// Random answers, interleaved calls among them, through both formats and cut at random.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatIsWrittenReadsTheSameHoweverItIsCut(long seed) {
        List<AnswerEvent> events = randomAnswer(new SplittableRandom(seed));
        byte[] messages = utf8(write(anthropicWriter(), events));
        byte[] chunks = utf8(write(openAiWriter(), events));
        Answer asMessages = Wire.answer(read(anthropicReader(), messages));
        Answer asChunks = Wire.answer(read(openAiReader(), chunks));

        assertThat(texts(asMessages)).isEqualTo(texts(Wire.answer(events)));
        assertThat(texts(asChunks)).isEqualTo(texts(Wire.answer(events)));
        for (int cut = 0; cut <= messages.length; cut++) {
            assertThat(Wire.answer(read(anthropicReader(), messages, cut))).isEqualTo(asMessages);
        }
        for (int cut = 0; cut <= chunks.length; cut++) {
            assertThat(Wire.answer(read(openAiReader(), chunks, cut))).isEqualTo(asChunks);
        }
    }

    private static List<AnswerEvent> randomAnswer(SplittableRandom random) {
        List<AnswerEvent> events = new ArrayList<>(List.of(START));
        int calls = 0;
        for (int i = 0; i < 12; i++) {
            switch (random.nextInt(4)) {
                case 0 -> events.add(new Text("t" + i + " \uD83D\uDE00\n\u2028\"\\"));
                case 1 -> events.add(new Thinking("h" + i));
                case 2 -> {
                    events.add(new ToolCallStarted(calls, "id" + calls, "f" + calls));
                    calls++;
                }
                default -> {
                    if (calls > 0) {
                        events.add(new ToolArguments(random.nextInt(calls), "a" + i));
                    }
                }
            }
        }
        events.add(new Used(Usage.of(5L, 7L)));
        events.add(new Finished(calls > 0 ? StopReason.TOOL_USE : StopReason.END, null));
        return events;
    }

    /// All texts, all thoughts and all calls; where texts stand among calls differs between formats.
    private static List<String> texts(Answer answer) {
        StringBuilder said = new StringBuilder();
        StringBuilder thought = new StringBuilder();
        List<String> all = new ArrayList<>();
        for (Part part : answer.content()) {
            if (part instanceof Part.Text text) {
                said.append(text.text());
            } else if (part instanceof Part.Thinking text) {
                thought.append(text.text());
            } else if (part instanceof Part.ToolCall call) {
                all.add(call.id() + call.name() + call.arguments());
            }
        }
        all.add(said.toString());
        all.add(thought.toString());
        all.add(answer.stop() + " " + answer.usage().outputTokens());
        return all;
    }

    @Test
    void anAnswerTellsItselfAsAStreamWouldHave() {
        Answer answer = new Answer(
                "chatcmpl-1",
                "m",
                12,
                List.of(
                        new Part.Thinking("a", "c2ln", Extras.NONE),
                        new Part.Text("b"),
                        new Part.Refusal("c"),
                        new Part.ToolCall("t", "f", "{}"),
                        new Part.ToolCall("u", "g", "{}")),
                StopReason.REFUSAL,
                null,
                Usage.of(1L, 2L));
        List<AnswerEvent> events = new ArrayList<>();
        answer.tell(events::add);

        assertThat(Wire.answer(events)).isEqualTo(answer);
    }

    @Test
    void namesAreOf128RandomBits() {
        assertThat(Wire.identifiers().message()).matches("msg_01[1-9A-HJ-NP-Za-km-z]{22}");
        assertThat(new MessagesStreamWriter(Wire.ASKED, Wire.identifiers()).write(START))
                .isNotEmpty();
    }
}
