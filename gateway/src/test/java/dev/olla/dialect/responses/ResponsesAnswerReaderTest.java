package dev.olla.dialect.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.StopReason;
import dev.olla.dialect.Usage;
import dev.olla.dialect.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponsesAnswerReaderTest {

    private static final String CREATED =
            "{'type':'response.created','response':{'id':'resp_1','model':'m','created_at':9,'status':'in_progress'}}";

    private static final byte[] STREAM = Wire.stream(
            CREATED,
            "{'type':'response.in_progress','response':{'id':'resp_1'}}",
            "{'type':'response.output_item.added','output_index':0,'item':{'type':'reasoning','summary':[]}}",
            "{'type':'response.reasoning_summary_part.added','output_index':0,'summary_index':0}",
            "{'type':'response.reasoning_summary_text.delta','output_index':0,'summary_index':0,'delta':'h'}",
            "{'type':'response.reasoning_summary_text.done','output_index':0,'summary_index':0,'text':'h'}",
            "{'type':'response.reasoning_text.delta','output_index':0,'content_index':0,'delta':'the same'}",
            "{'type':'response.reasoning_summary_text.delta','output_index':0,'summary_index':1,'delta':'i'}",
            "{'type':'response.output_item.done','output_index':0,'item':{'type':'reasoning','encrypted_content':'e'}}",
            "{'type':'response.output_item.added','output_index':1,'item':{'type':'message','content':[]}}",
            "{'type':'response.content_part.added','output_index':1,'content_index':0}",
            "{'type':'response.output_text.delta','output_index':1,'content_index':0,'delta':'é'}",
            "{'type':'response.output_text.done','output_index':1,'content_index':0,'text':'é'}",
            "{'type':'response.output_item.done','output_index':1,'item':{'type':'message','content':[{'text':'é'}]}}",
            "{'type':'response.output_item.added','output_index':2,'item':{'type':'function_call','id':'fc','call_id':'c','name':'f'}}",
            "{'type':'response.function_call_arguments.delta','output_index':2,'delta':'{'}",
            "{'type':'response.output_item.added','output_index':3,'item':{'type':'function_call','call_id':'d','name':'g'}}",
            "{'type':'response.function_call_arguments.delta','output_index':2,'delta':'}'}",
            "{'type':'response.function_call_arguments.done','output_index':2,'arguments':'{}'}",
            "{'type':'response.output_item.done','output_index':2,'item':{'type':'function_call','arguments':'{}'}}",
            "{'type':'response.output_item.done','output_index':3,'item':{'type':'function_call','call_id':'d','name':'g','arguments':'[]'}}",
            "{'type':'response.completed','response':{'status':'completed','output':[{'type':'reasoning'},{'type':'message'},"
                    + "{'type':'function_call'},{'type':'function_call'}],'usage':{'input_tokens':5,'output_tokens':7,"
                    + "'input_tokens_details':{'cached_tokens':2},'output_tokens_details':{'reasoning_tokens':3}}}}",
            "[DONE]");

    private static List<AnswerEvent> read(byte[] body) {
        return Wire.read(new ResponsesAnswerReader(), body);
    }

    private static List<AnswerEvent> document(String json) {
        return read(Wire.utf8(json.replace('\'', '"')));
    }

    @Test
    void aStreamIsTheSameHoweverItIsCut() {
        for (int cut = 0; cut <= STREAM.length; cut++) {
            assertThat(Wire.read(new ResponsesAnswerReader(), STREAM, cut))
                    .containsExactly(
                            new AnswerEvent.Started("resp_1", "m", 9),
                            new AnswerEvent.Thinking("h"),
                            new AnswerEvent.Thinking("\n\ni"),
                            new AnswerEvent.ThinkingSigned("e"),
                            new AnswerEvent.Text("é"),
                            new AnswerEvent.ToolCallStarted(0, "c", "f"),
                            new AnswerEvent.ToolArguments(0, "{"),
                            new AnswerEvent.ToolCallStarted(1, "d", "g"),
                            new AnswerEvent.ToolArguments(0, "}"),
                            new AnswerEvent.ToolArguments(1, "[]"),
                            new AnswerEvent.Used(new Usage(5L, 7L, 2L, 3L, null, null, null)),
                            new AnswerEvent.Finished(StopReason.TOOL_USE, null));
        }
    }

    @Test
    void aStreamWithoutNamesInItsDataIsKnownByItsEvents() {
        String body = "event: response.created\r\ndata:{\"response\":{\"id\":\"r\"}}\r\n\r\n"
                + "event: response.output_text.delta\r\ndata:{\"delta\":\"a\"}\r\n\r\n"
                + "event: response.completed\r\ndata:{\"response\":{}}\r\n\r\n";

        assertThat(read(Wire.utf8(body)))
                .contains(new AnswerEvent.Text("a"), new AnswerEvent.Finished(StopReason.END, null));
    }

    @Test
    void whatComesOnlyAtTheEndIsToldThen() {
        assertThat(read(Wire.stream(
                        CREATED,
                        "{'type':'response.completed','response':{'output':[{'type':'message','content':["
                                + "{'type':'output_text','text':'a'},{'type':'refusal','refusal':'no'}]}]}}")))
                .containsSubsequence(
                        new AnswerEvent.Text("a"),
                        new AnswerEvent.Refusal("no"),
                        new AnswerEvent.Finished(StopReason.REFUSAL, null));
    }

    @Test
    void aWholeResponseIsReadToo() {
        assertThat(document(
                        "{'id':'resp_1','object':'response','created_at':9,'status':'completed','model':'m','output':["
                                + "{'type':'reasoning','summary':[{'text':'h'},{'text':'i'}],'encrypted_content':'e'},"
                                + "{'type':'web_search_call'},"
                                + "{'type':'message','content':[{'type':'output_text','text':'a'}]},"
                                + "{'type':'function_call','call_id':'c','name':'f','arguments':'{}'}]}"))
                .containsExactly(
                        new AnswerEvent.Started("resp_1", "m", 9),
                        new AnswerEvent.Thinking("h"),
                        new AnswerEvent.Thinking("\n\ni"),
                        new AnswerEvent.ThinkingSigned("e"),
                        new AnswerEvent.Text("a"),
                        new AnswerEvent.ToolCallStarted(0, "c", "f"),
                        new AnswerEvent.ToolArguments(0, "{}"),
                        new AnswerEvent.Finished(StopReason.TOOL_USE, null));
    }

    @ParameterizedTest
    @CsvSource({"max_output_tokens,LENGTH", "content_filter,REFUSAL"})
    void anAnswerMayBeIncomplete(String why, StopReason reason) {
        assertThat(document("{'status':'incomplete','incomplete_details':{'reason':'" + why + "'},'output':[]}")
                        .getLast())
                .isEqualTo(new AnswerEvent.Finished(reason, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'response.failed','response':{'status':'failed','error':{'code':'server_error','message':'no'}}}|500|server_error",
                "{'type':'response.failed','response':{'status':'failed','error':{'code':'rate_limit_exceeded','message':'no'}}}|429|rate_limit_exceeded",
                "{'type':'error','code':'invalid_prompt','message':'no','param':null}|400|invalid_prompt",
                "{'type':'error','error':{'type':'invalid_request_error','code':'invalid_x','message':'no'}}|400|invalid_x",
                "{'error':{'type':'server_error','message':'no'}}|500|server_error",
            })
    void aFailureIsOne(String event, int status, String type) {
        assertThat(read(Wire.stream(CREATED, event, "{'type':'response.output_text.delta','delta':'late'}")))
                .endsWith(new AnswerEvent.Failed(status, type, "no"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'status':'cancelled'}",
                "{'status':'in_progress','output':[]}",
                "{'object':'list'}",
                "{'error':'no'}"
            })
    void aDocumentThatIsNoAnswerIsAFailure(String json) {
        assertThat(document(json).getLast()).isInstanceOf(AnswerEvent.Failed.class);
    }

    @Test
    void aStreamThatBreaksOffIsNoCleanEnd() {
        assertThat(read(Wire.stream(CREATED, "{'type':'response.output_text.delta','delta':'a'}", "[DONE]"))
                        .getLast())
                .isEqualTo(new AnswerEvent.Failed(502, null, "the server ended its answer before it was complete"));
    }

    @Test
    void whatBelongsToNothingIsLeftOutAndCounted() {
        ResponsesAnswerReader reader = new ResponsesAnswerReader();
        List<AnswerEvent> events = Wire.read(
                reader,
                Wire.stream(
                        CREATED,
                        "oops",
                        "[1]",
                        "{'type':'response.function_call_arguments.delta','output_index':5,'delta':'{'}",
                        "{'type':'response.web_search_call.searching','output_index':6}",
                        "{'type':'response.output_item.added','output_index':7,'item':{'type':'function_call'}}",
                        "{'type':'response.completed','response':{'status':'completed'}}"));

        assertThat(events)
                .containsExactly(
                        new AnswerEvent.Started("resp_1", "m", 9), new AnswerEvent.Finished(StopReason.END, null));
        assertThat(reader.skipped()).isEqualTo(3);
    }
}
