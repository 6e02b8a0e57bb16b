package dev.olla.dialect.anthropic;

import static dev.olla.dialect.Wire.anthropicReader;
import static dev.olla.dialect.Wire.read;
import static dev.olla.dialect.Wire.stream;
import static dev.olla.dialect.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.dialect.Answer;
import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.Extras;
import dev.olla.dialect.Part;
import dev.olla.dialect.StopReason;
import dev.olla.dialect.Usage;
import dev.olla.dialect.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MessagesAnswerReaderTest {

    private static final String START =
            "{'type':'message_start','message':{'id':'msg_1','model':'m','usage':{'input_tokens':5,'output_tokens':1,"
                    + "'cache_read_input_tokens':3,'cache_creation_input_tokens':2}}}";
    private static final String END = "{'type':'message_delta','delta':{'stop_reason':'end_turn','stop_sequence':null},"
            + "'usage':{'output_tokens':9}}";
    private static final String STOP = "{'type':'message_stop'}";

    private static String start(int index, String block) {
        return "{'type':'content_block_start','index':" + index + ",'content_block':" + block + "}";
    }

    private static String delta(int index, String delta) {
        return "{'type':'content_block_delta','index':" + index + ",'delta':" + delta + "}";
    }

    private static List<AnswerEvent> events(String... events) {
        return read(anthropicReader(), stream(events));
    }

    private static AnswerEvent.Failed failure(List<AnswerEvent> events) {
        assertThat(events).last().isInstanceOf(AnswerEvent.Failed.class);
        return (AnswerEvent.Failed) events.getLast();
    }

    @Test
    void everyBlockIsReadHoweverTheStreamIsCut() {
        byte[] stream = stream(
                START,
                "{'type':'ping'}",
                start(0, "{'type':'thinking','thinking':''}"),
                delta(0, "{'type':'thinking_delta','thinking':'hm '}"),
                delta(0, "{'type':'thinking_delta','thinking':'\u00e4h'}"),
                delta(0, "{'type':'signature_delta','signature':'c2ln'}"),
                "{'type':'content_block_stop','index':0}",
                start(1, "{'type':'text','text':'a'}"),
                delta(1, "{'type':'text_delta','text':'b'}"),
                start(2, "{'type':'tool_use','id':'toolu_1','name':'f','input':{}}"),
                delta(2, "{'type':'input_json_delta','partial_json':''}"),
                delta(2, "{'type':'input_json_delta','partial_json':'{\\'x\\':'}"),
                delta(2, "{'type':'input_json_delta','partial_json':'1}'}"),
                END.replace("end_turn", "tool_use"),
                STOP);

        for (int cut = 0; cut <= stream.length; cut++) {
            assertThat(Wire.answer(read(anthropicReader(), stream, cut)))
                    .isEqualTo(new Answer(
                            "msg_1",
                            "m",
                            0,
                            List.of(
                                    new Part.Thinking("hm \u00e4h", "c2ln", Extras.NONE),
                                    new Part.Text("ab"),
                                    new Part.ToolCall("toolu_1", "f", "{\"x\":1}")),
                            StopReason.TOOL_USE,
                            null,
                            new Usage(10L, 9L, 3L, null, null, null, null)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn, END",
        "max_tokens, LENGTH",
        "model_context_window_exceeded, LENGTH",
        "tool_use, TOOL_USE",
        "refusal, REFUSAL",
        "pause_turn, END",
        "novelty, END"
    })
    void eachStopHasItsReason(String word, StopReason reason) {
        assertThat(Wire.answer(events(START, END.replace("end_turn", word), STOP))
                        .stop())
                .isEqualTo(reason);
    }

    @Test
    void theStopSequenceIsNamed() {
        Answer answer = Wire.answer(events(
                START, "{'type':'message_delta','delta':{'stop_reason':'stop_sequence','stop_sequence':'END'}}", STOP));

        assertThat(answer.stop()).isEqualTo(StopReason.STOP_SEQUENCE);
        assertThat(answer.stopSequence()).isEqualTo("END");
    }

    @Test
    void aStreamWithoutItsLastEventIsWholeOnceTheStopIsTold() {
        assertThat(Wire.answer(events(START, END)).stop()).isEqualTo(StopReason.END);
    }

    @Test
    void aStreamThatBreaksOffHasFailed() {
        assertThat(failure(events(START, start(0, "{'type':'text','text':'a'}")))
                        .status())
                .isEqualTo(502);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'error','error':{'type':'overloaded_error','message':'busy'}} | 529",
                "{'type':'error','error':{'type':'api_error','message':'busy'}} | 500",
                "{'error':'busy'} | 500"
            })
    void anErrorIsAFailure(String event, int status) {
        AnswerEvent.Failed failure = failure(events(START, event, END, STOP));

        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.message()).isEqualTo("busy");
    }

    @Test
    void aDocumentTellsTheSame() {
        byte[] document = utf8("""
                {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[
                {"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"text","text":"a"},
                {"type":"tool_use","id":"t","name":"f","input":{"big":9223372036854775808}}],
                "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":5,"output_tokens":9}}""");

        assertThat(Wire.answer(read(anthropicReader(), document)).content())
                .containsExactly(
                        new Part.Thinking("hm", "c2ln", Extras.NONE),
                        new Part.Text("a"),
                        new Part.ToolCall("t", "f", "{\"big\":9223372036854775808}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"content\":7}", "{\"type\":\"error\",\"error\":{\"message\":\"x\"}}", "<p>"})
    void aBodyWithoutAnAnswerIsAFailure(String body) {
        assertThat(failure(read(anthropicReader(), utf8(body))).status()).isGreaterThanOrEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{broken",
                "7",
                "{'type':7}",
                "{'type':'novelty'}",
                "{'type':'content_block_start','index':0,'content_block':{'type':'web_search_tool_result'}}",
                "{'type':'content_block_delta','index':0,'delta':{'type':'citations_delta'}}"
            })
    void whatIsUnknownIsSkippedAndCounted(String event) {
        MessagesAnswerReader reader = new MessagesAnswerReader(Wire.identifiers());
        List<AnswerEvent> events = read(reader, stream(START, event, END, STOP));

        assertThat(Wire.answer(events).content()).isEmpty();
        assertThat(reader.skipped()).isOne();
    }
}
