package dev.olla.dialect.openai;

import static dev.olla.dialect.Wire.openAiReader;
import static dev.olla.dialect.Wire.read;
import static dev.olla.dialect.Wire.stream;
import static dev.olla.dialect.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.dialect.Answer;
import dev.olla.dialect.AnswerBody;
import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerReader;
import dev.olla.dialect.Part;
import dev.olla.dialect.StopReason;
import dev.olla.dialect.Usage;
import dev.olla.dialect.Wire;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatAnswerReaderTest {

    private static final String STOP = "{'choices':[{'delta':{},'finish_reason':'stop'}]}";

    private static String delta(String delta) {
        return "{'choices':[{'delta':" + delta + "}]}";
    }

    private static String call(String call) {
        return delta("{'tool_calls':[" + call + "]}");
    }

    private static List<AnswerEvent> events(String... chunks) {
        return read(openAiReader(), stream(chunks));
    }

    private static Answer answer(String... chunks) {
        return Wire.answer(events(chunks));
    }

    private static AnswerEvent.Failed failure(List<AnswerEvent> events) {
        assertThat(events).last().isInstanceOf(AnswerEvent.Failed.class);
        assertThat(events).noneMatch(AnswerEvent.Finished.class::isInstance);
        return (AnswerEvent.Failed) events.getLast();
    }

    @Test
    void theFirstChunkTellsIdModelAndTime() {
        assertThat(events("{'id':'chatcmpl-1','model':'m','created':12,'choices':[]}", STOP))
                .first()
                .isEqualTo(new AnswerEvent.Started("chatcmpl-1", "m", 12));
    }

    @Test
    void thoughtsTextsAndRefusalsComeInTheirOrder() {
        Answer answer = answer(
                delta("{'reasoning_content':'a','content':'b'}"),
                delta("{'reasoning':'c','reasoning_content':'no'}"),
                delta("{'content':[{'type':'text','text':'d'},{'text':'e'}]}"),
                delta("{'refusal':'f'}"),
                STOP);

        assertThat(answer.content())
                .containsExactly(
                        new Part.Thinking("a"),
                        new Part.Text("b"),
                        new Part.Thinking("c"),
                        new Part.Text("de"),
                        new Part.Refusal("f"));
        assertThat(answer.stop()).isEqualTo(StopReason.REFUSAL);
    }

    @Test
    void parallelCallsMayBeInterleaved() {
        Answer answer = answer(
                call("{'index':0,'id':'a','function':{'name':'f','arguments':'{'}}"),
                call("{'index':1,'id':'b','function':{'name':'g','arguments':'['}}"),
                call("{'index':0,'function':{'arguments':'}'}},{'index':1,'function':{'arguments':']'}}"),
                STOP);

        assertThat(answer.content())
                .containsExactly(new Part.ToolCall("a", "f", "{}"), new Part.ToolCall("b", "g", "[]"));
        assertThat(answer.stop()).isEqualTo(StopReason.TOOL_USE);
    }

    @Test
    void aNewIdOnAUsedIndexIsANewCallAndTheSameIdIsNot() {
        Answer answer = answer(
                call("{'index':0,'id':'a','function':{'name':'f','arguments':'{'}}"),
                call("{'index':0,'id':'a','function':{'name':'f','arguments':'}'}}"),
                call("{'index':0,'id':'b','function':{'name':'g','arguments':'{}'}}"),
                STOP);

        assertThat(answer.content())
                .containsExactly(new Part.ToolCall("a", "f", "{}"), new Part.ToolCall("b", "g", "{}"));
    }

    @Test
    void idAndNameAreGatheredFromSeveralChunks() {
        List<AnswerEvent> events = events(
                call("{'index':0,'function':{'arguments':'{\\'x\\':'}}"),
                call("{'index':0,'id':'a'}"),
                call("{'index':0,'function':{'name':'f'}}"),
                call("{'index':0,'function':{'arguments':'1}'}}"),
                STOP);

        assertThat(events)
                .containsSubsequence(
                        new AnswerEvent.ToolCallStarted(0, "a", "f"),
                        new AnswerEvent.ToolArguments(0, "{\"x\":"),
                        new AnswerEvent.ToolArguments(0, "1}"));
    }

    @Test
    void callsWithoutAnIdOrAnIndexGetOne() {
        Answer answer = answer(
                call("{'function':{'name':'f','arguments':{'x':1}}},{'function':{'name':'g','arguments':''}}"), STOP);

        assertThat(answer.content())
                .hasSize(2)
                .allSatisfy(part -> assertThat(((Part.ToolCall) part).id())
                        .startsWith("toolu_01")
                        .hasSize(30));
        assertThat(((Part.ToolCall) answer.content().getFirst()).arguments()).isEqualTo("{\"x\":1}");
        assertThat(((Part.ToolCall) answer.content().getFirst()).id())
                .isNotEqualTo(((Part.ToolCall) answer.content().getLast()).id());
    }

    @Test
    void aCallWithoutANameIsLeftOutAndCounted() {
        AnswerReader reader = openAiReader();
        List<AnswerEvent> events = read(reader, stream(call("{'index':0,'id':'a'}"), delta("{'content':'x'}"), STOP));

        assertThat(Wire.answer(events).content()).containsExactly(new Part.Text("x"));
        assertThat(reader.skipped()).isOne();
    }

    @Test
    void theCallOfOlderServersIsACallToo() {
        Answer answer = answer(
                delta("{'function_call':{'name':'f','arguments':'{'}}"),
                delta("{'function_call':{'arguments':'}'}}"),
                "{'choices':[{'delta':{},'finish_reason':'function_call'}]}");

        assertThat(answer.content()).singleElement().satisfies(part -> {
            assertThat(((Part.ToolCall) part).name()).isEqualTo("f");
            assertThat(((Part.ToolCall) part).arguments()).isEqualTo("{}");
        });
        assertThat(answer.stop()).isEqualTo(StopReason.TOOL_USE);
    }

    @ParameterizedTest
    @CsvSource({
        "stop, END",
        "length, LENGTH",
        "tool_calls, TOOL_USE",
        "function_call, TOOL_USE",
        "content_filter, REFUSAL",
        "eos_token, END"
    })
    void eachFinishHasItsReason(String word, StopReason reason) {
        assertThat(answer(delta("{'content':'x'}"), STOP.replace("stop", word)).stop())
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'stop_reason':'END'", "'matched_stop':'END'"})
    void theTextThatEndedTheAnswerIsNamed(String field) {
        Answer answer = answer("{'choices':[{'delta':{},'finish_reason':'stop'," + field + "}]}");

        assertThat(answer.stop()).isEqualTo(StopReason.STOP_SEQUENCE);
        assertThat(answer.stopSequence()).isEqualTo("END");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'stop_reason':128001", "'matched_stop':2", "'stop_reason':null"})
    void aTokenThatEndedTheAnswerIsNoText(String field) {
        Answer answer = answer("{'choices':[{'delta':{},'finish_reason':'stop'," + field + "}]}");

        assertThat(answer.stop()).isEqualTo(StopReason.END);
        assertThat(answer.stopSequence()).isNull();
    }

    @Test
    void theLastUsageCountsWhereverItComes() {
        Usage usage = answer(
                        "{'choices':[],'usage':{'prompt_tokens':1,'completion_tokens':1}}",
                        STOP,
                        "{'choices':[],'usage':{'prompt_tokens':9,'completion_tokens':5,"
                                + "'prompt_tokens_details':{'cached_tokens':4},"
                                + "'completion_tokens_details':{'reasoning_tokens':2}},"
                                + "'timings':{'prompt_ms':1.5,'predicted_ms':20}}",
                        "[DONE]")
                .usage();

        assertThat(usage)
                .isEqualTo(new Usage(9L, 5L, 4L, 2L, null, Duration.ofNanos(1_500_000), Duration.ofMillis(20)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'prompt_tokens':'many'",
                "'prompt_tokens':-1",
                "'prompt_tokens':99999999999999999999",
                "'prompt_tokens':1.5",
                "'prompt_tokens':null"
            })
    void aCountThatIsNoneIsUnknown(String field) {
        assertThat(answer(STOP, "{'choices':[],'usage':{" + field + "}}")
                        .usage()
                        .inputTokens())
                .isNull();
    }

    @Test
    void theMarkOfTheEndIsEnoughToEnd() {
        assertThat(answer(delta("{'content':'x'}"), "[DONE]").stop()).isEqualTo(StopReason.END);
    }

    @Test
    void aStreamThatEndsWithoutBeingFinishedFailed() {
        assertThat(failure(events(delta("{'content':'x'}"))).status()).isEqualTo(502);
        assertThat(failure(read(openAiReader(), new byte[0])).message()).contains("before it was complete");
    }

    @Test
    void nothingComesAfterTheEnd() {
        List<AnswerEvent> events = events(STOP, "[DONE]", delta("{'content':'late'}"), "[DONE]");

        assertThat(events).last().isInstanceOf(AnswerEvent.Finished.class);
        assertThat(events).filteredOn(AnswerEvent.Finished.class::isInstance).hasSize(1);
        assertThat(events).noneMatch(AnswerEvent.Text.class::isInstance);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'error':{'message':'no','type':'rate_limit_error'}} | 429 | no",
                "{'error':{'message':'no','code':503}}                | 503 | no",
                "{'error':'gone'}                                     | 500 | gone",
                "{'error':{'code':12}}                                | 500 | Backend error",
                "{'error':{'message':'m','type':'BadRequestError','code':400}} | 400 | m"
            })
    void anErrorInTheStreamIsAFailure(String chunk, int status, String message) {
        AnswerEvent.Failed failure = failure(events(delta("{'content':'x'}"), chunk, STOP, "[DONE]"));

        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.message()).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abort", "error"})
    void aServerThatGivesUpHasFailed(String word) {
        assertThat(failure(events(delta("{'content':'x'}"), STOP.replace("stop", word), "[DONE]"))
                        .message())
                .contains(word);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'choices':[{'delta':{'content':5}}]}",
                "{broken",
                "42",
                "[]",
                "{'choices':[{'delta':{'content':'\\ud8'}}]}"
            })
    void aChunkThatCantBeReadIsSkippedAndCounted(String chunk) {
        AnswerReader reader = openAiReader();
        List<AnswerEvent> events = read(reader, stream(chunk, delta("{'content':'x'}"), STOP));

        assertThat(Wire.answer(events).content()).containsExactly(new Part.Text("x"));
        assertThat(reader.skipped()).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'choices':7}",
                "{'choices':[7]}",
                "{'choices':[{'delta':7}]}",
                "{'choices':[{'delta':{'tool_calls':7}}]}",
                "{'choices':[{'delta':{'tool_calls':[7]}}]}",
                "{'choices':[{'delta':{'tool_calls':[{'index':'x','id':5,'function':7}]}}]}",
                "{'choices':[{'delta':{'function_call':[]}}]}",
                "{'choices':[{'finish_reason':7,'delta':{'reasoning':7,'refusal':7}}]}",
                "{'id':7,'model':7,'created':'x','usage':7,'timings':7}"
            })
    void fieldsOfTheWrongTypeDontDisturbTheRest(String chunk) {
        assertThat(answer(chunk, delta("{'content':'x'}"), STOP).content()).containsExactly(new Part.Text("x"));
    }

    @Test
    void bytesThatAreNoUtf8AreReplaced() {
        byte[] stream = stream(delta("{'content':'a?b'}"), STOP);
        stream[new String(stream, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf('?')] = (byte) 0xFF;

        assertThat(Wire.answer(read(openAiReader(), stream)).content()).containsExactly(new Part.Text("a\uFFFDb"));
    }

    @Test
    void carriageReturnsAndMissingSpacesAreRead() {
        byte[] stream = utf8("data:{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\r\n\r\n"
                + "data: {\"choices\":[{\"delta\":{},\r\ndata: \"finish_reason\":\"stop\"}]}\r\n\r\ndata:[DONE]");

        assertThat(Wire.answer(read(openAiReader(), stream)).content()).containsExactly(new Part.Text("x"));
    }

    @Test
    void aLineBeyondTheLimitIsAFailure() {
        byte[] stream = stream(delta("{'content':'" + "x".repeat(1 << 20) + "'}"), STOP);

        assertThat(failure(read(openAiReader(), stream)).message()).contains("longer than 1048576 bytes");
    }

    @Test
    void aDocumentInPlaceOfAStreamTellsTheSame() {
        byte[] document = utf8("""
                \r\n {"id":"chatcmpl-9","created":5,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":
                {"role":"assistant","content":"hi","reasoning_content":"hm","tool_calls":[{"id":"a","type":"function",
                "function":{"name":"f","arguments":"{}"}}]}}],"usage":{"prompt_tokens":3,"completion_tokens":2}}""");

        for (int cut = 0; cut <= document.length; cut++) {
            Answer answer = Wire.answer(read(openAiReader(), document, cut));
            assertThat(answer)
                    .isEqualTo(new Answer(
                            "chatcmpl-9",
                            "m",
                            5,
                            List.of(new Part.Thinking("hm"), new Part.Text("hi"), new Part.ToolCall("a", "f", "{}")),
                            StopReason.TOOL_USE,
                            null,
                            Usage.of(3L, 2L)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"choices\":[]}",
                "{\"choices\":[{}]}",
                "{\"choices\":[{\"message\":null}]}",
                "{\"choices\":",
                "{\"error\":{\"message\":\"x\"}}",
                "<html>",
                "nothing of the kind"
            })
    void aBodyWithoutAnAnswerIsAFailure(String body) {
        assertThat(failure(read(openAiReader(), utf8(body))).status()).isGreaterThanOrEqualTo(500);
    }

    @Test
    void aDocumentBeyondTheLimitIsAFailure() {
        AnswerReader reader = openAiReader();
        byte[] piece = utf8("{" + " ".repeat(AnswerBody.DOCUMENT_LIMIT / 2));
        List<AnswerEvent> events = new java.util.ArrayList<>();
        for (int i = 0; i < 3; i++) {
            reader.read(piece, 0, piece.length, events::add);
        }
        reader.end(events::add);

        assertThat(events).hasSize(1);
        assertThat(failure(events).message()).contains("longer than");
    }

    @Test
    void deepNestingIsSkippedNotFollowed() {
        String deep = "{'x':" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertThat(answer(deep, delta("{'content':'x'}"), STOP).content()).containsExactly(new Part.Text("x"));
    }
}
