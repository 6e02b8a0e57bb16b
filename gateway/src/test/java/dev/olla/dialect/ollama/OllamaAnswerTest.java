package dev.olla.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.Format;
import dev.olla.dialect.Json;
import dev.olla.dialect.Part;
import dev.olla.dialect.StopReason;
import dev.olla.dialect.Usage;
import dev.olla.dialect.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OllamaAnswerTest {

    private static final String CHAT = """
            {'model':'m','created_at':'2026-01-02T04:04:05.123456789+01:00','message':{'role':'assistant','content':'','thinking':'h'},'done':false}
            {'model':'m','created_at':'x','message':{'role':'assistant','content':'é'},'done':false}
            {'model':'m','message':{'role':'assistant','content':'','tool_calls':[{'id':'c','function':{'index':0,'name':'f','arguments':{'z':1.50,'a':null}}},{'function':{'name':'g','arguments':{}}}]},'done':false}
            {'model':'m','message':{'role':'assistant','content':''},'done':true,'done_reason':'stop','total_duration':9,'load_duration':1000000,'prompt_eval_count':26,'prompt_eval_duration':2000000,'eval_count':3,'eval_duration':4000000}
            """.replace('\'', '"');

    private static final Usage USAGE =
            new Usage(26L, 3L, null, null, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(4));

    private static OllamaAnswerReader reader() {
        return new OllamaAnswerReader(Wire.identifiers());
    }

    private static List<AnswerEvent> read(String body) {
        return Wire.read(reader(), Wire.utf8(body));
    }

    @Test
    void aStreamIsTheSameHoweverItIsCut() {
        for (String ends : new String[] {"\n", "\r\n", "\n\n"}) {
            byte[] body = Wire.utf8(CHAT.replace("\n", ends));
            for (int cut = 0; cut <= body.length; cut++) {
                assertThat(Wire.read(reader(), body, cut))
                        .containsExactly(
                                new AnswerEvent.Started(null, "m", 1_767_323_045),
                                new AnswerEvent.Thinking("h"),
                                new AnswerEvent.Text("é"),
                                new AnswerEvent.ToolCallStarted(0, "c", "f"),
                                new AnswerEvent.ToolArguments(0, "{\"z\":1.50,\"a\":null}"),
                                new AnswerEvent.ToolCallStarted(
                                        1, Wire.identifiers().toolUse(), "g"),
                                new AnswerEvent.ToolArguments(1, "{}"),
                                new AnswerEvent.Used(USAGE),
                                new AnswerEvent.Finished(StopReason.TOOL_USE, null));
            }
        }
    }

    @Test
    void aLastLineNeedsNoEnd() {
        assertThat(read(CHAT.strip()).getLast()).isEqualTo(new AnswerEvent.Finished(StopReason.TOOL_USE, null));
    }

    @Test
    void aPromptIsAnsweredInAFieldOfItsOwn() {
        assertThat(read("{\"model\":\"m\",\"response\":\"a\",\"thinking\":\"t\",\"done\":false}\n"
                        + "{\"response\":\"\",\"done\":true,\"done_reason\":\"length\",\"context\":[1,2]}\n"))
                .containsExactly(
                        new AnswerEvent.Started(null, "m", 0),
                        new AnswerEvent.Thinking("t"),
                        new AnswerEvent.Text("a"),
                        new AnswerEvent.Used(Usage.UNKNOWN),
                        new AnswerEvent.Finished(StopReason.LENGTH, null));
    }

    @Test
    void aDocumentMayBeLaidOutOverSeveralLines() {
        byte[] body =
                Wire.utf8("\n{\n  \"model\": \"m\",\n  \"message\": {\"content\": \"a\"},\n  \"done\": true\n}\n");
        for (int cut = 0; cut <= body.length; cut++) {
            assertThat(Wire.read(reader(), body, cut))
                    .contains(new AnswerEvent.Text("a"), new AnswerEvent.Finished(StopReason.END, null));
        }
    }

    @ParameterizedTest
    @CsvSource({"stop,END", "length,LENGTH", "load,LOADED", "unload,UNLOADED", "'',END", "new,END"})
    void whyItEndedIsKnown(String word, StopReason reason) {
        assertThat(read("{\"message\":{},\"done\":true,\"done_reason\":\"" + word + "\"}")
                        .getLast())
                .isEqualTo(new AnswerEvent.Finished(reason, null));
    }

    @Test
    void anErrorInTheStreamIsOne() {
        List<AnswerEvent> events = read("{\"message\":{\"content\":\"a\"},\"done\":false}\n"
                + "{\"error\":\"model runner has unexpectedly stopped\"}\n{\"message\":{\"content\":\"b\"}}\n");

        assertThat(events.getLast())
                .isEqualTo(new AnswerEvent.Failed(500, null, "model runner has unexpectedly stopped"));
        assertThat(events).doesNotContain(new AnswerEvent.Text("b"));
    }

    @Test
    void aStreamThatBreaksOffIsNoCleanEnd() {
        assertThat(read(CHAT.substring(0, CHAT.lastIndexOf("{\"model\"") + 40)).getLast())
                .isEqualTo(new AnswerEvent.Failed(502, null, "the server ended its answer before it was complete"));
    }

    @Test
    void whatIsNoJsonIsLeftOutAndCounted() {
        OllamaAnswerReader reader = reader();
        List<AnswerEvent> events = Wire.read(
                reader,
                Wire.utf8(
                        "oops\n[1]\n{\"unknown\":1}\n{\"message\":{\"content\":\"a\",\"tool_calls\":[{},{\"function\":{}}]}}\n"
                                + "{\"done\":true}\n"));

        assertThat(events).contains(new AnswerEvent.Text("a")).endsWith(new AnswerEvent.Finished(StopReason.END, null));
        assertThat(reader.skipped()).isEqualTo(5);
    }

    @Test
    void aLineWithoutEndIsGivenUp() {
        OllamaAnswerReader reader = reader();
        List<AnswerEvent> events = new ArrayList<>();
        byte[] block = Wire.utf8("x".repeat(1 << 20));
        for (int i = 0; i < 40; i++) {
            reader.read(block, 0, block.length, events::add);
        }
        reader.end(events::add);

        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        AnswerEvent.Failed.class,
                        failure -> assertThat(failure.message()).startsWith("the server's answer can't be read"));
    }

    private static OllamaStreamWriter writer(OllamaForm form) {
        return new OllamaStreamWriter(Wire.ASKED, form, Format.CLOCK, Format.BEGUN);
    }

    @Test
    void aChatIsAnsweredLineByLine() {
        List<AnswerEvent> events = List.of(
                new AnswerEvent.Started("chatcmpl-1", "m", 5),
                new AnswerEvent.Thinking("h"),
                new AnswerEvent.ThinkingSigned("s"),
                new AnswerEvent.Text("a"),
                new AnswerEvent.ToolCallStarted(0, "c", "f"),
                new AnswerEvent.ToolArguments(0, "{\"z\":1."),
                new AnswerEvent.ToolCallStarted(1, "d", "g"),
                new AnswerEvent.ToolArguments(1, "no json"),
                new AnswerEvent.ToolArguments(0, "50}"),
                new AnswerEvent.Refusal("no"),
                new AnswerEvent.Used(USAGE),
                new AnswerEvent.Finished(StopReason.TOOL_USE, null),
                new AnswerEvent.Text("too late"));
        String head = "{'model':'m','created_at':'2026-01-02T03:04:05Z','message':{'role':'assistant','content':";

        assertThat(Wire.write(writer(OllamaForm.CHAT), events).replace('"', '\''))
                .isEqualTo(head + "'','thinking':'h'},'done':false}\n"
                        + head + "'a'},'done':false}\n"
                        + head + "'no'},'done':false}\n"
                        + head
                        + "'','tool_calls':[{'id':'c','function':{'index':0,'name':'f','arguments':{'z':1.50}}}]},'done':false}\n"
                        + head
                        + "'','tool_calls':[{'id':'d','function':{'index':1,'name':'g','arguments':{}}}]},'done':false}\n"
                        + head + "''},'done':true,'done_reason':'stop','total_duration':500000000,"
                        + "'load_duration':1000000,'prompt_eval_count':26,'prompt_eval_duration':2000000,"
                        + "'eval_count':3,'eval_duration':4000000}\n");
    }

    @Test
    void aPromptIsAnsweredWithoutMessagesAndWhatIsUnknownIsLeftOut() {
        List<AnswerEvent> events = List.of(
                new AnswerEvent.Started(null, null, 0),
                new AnswerEvent.Thinking("h"),
                new AnswerEvent.Text("a"),
                new AnswerEvent.Finished(StopReason.LENGTH, null));
        String head = "{'model':'asked-model','created_at':'2026-01-02T03:04:05Z','response':";

        assertThat(Wire.write(writer(OllamaForm.GENERATE), events).replace('"', '\''))
                .isEqualTo(head + "'','thinking':'h','done':false}\n" + head + "'a','done':false}\n" + head
                        + "'','done':true,'done_reason':'length','total_duration':500000000}\n");
    }

    @Test
    void aFailureIsOneLastLine() {
        List<AnswerEvent> events = List.of(
                new AnswerEvent.Text("a"),
                new AnswerEvent.Failed(502, "t", "gone \"away\"\n"),
                new AnswerEvent.Finished(StopReason.END, null));

        assertThat(Wire.write(writer(OllamaForm.CHAT), events)).endsWith("{\"error\":\"gone \\\"away\\\"\\n\"}\n");
        assertThat(writer(OllamaForm.CHAT).ping()).isEmpty();
    }

    @Test
    void callsThatNeverEndAreAFailure() {
        OllamaStreamWriter writer = writer(OllamaForm.CHAT);
        writer.write(new AnswerEvent.ToolCallStarted(0, "c", "f"));
        String block = "x".repeat(1 << 20);
        StringBuilder told = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            told.append(new String(
                    writer.write(new AnswerEvent.ToolArguments(0, block)), java.nio.charset.StandardCharsets.UTF_8));
        }

        assertThat(told.toString()).startsWith("{\"error\":").hasLineCount(1);
    }

    @Test
    void aWholeAnswerIsOneObject() {
        OllamaDocumentWriter writer = new OllamaDocumentWriter(OllamaForm.CHAT, Format.CLOCK, Format.BEGUN);
        String body = Json.text(writer.write(
                new dev.olla.dialect.Answer(
                        "i",
                        null,
                        0,
                        List.of(
                                new Part.Thinking("h"),
                                new Part.Text("a"),
                                new Part.ToolCall("c", "f", "{\"z\":1}"),
                                new Part.Text("b")),
                        StopReason.STOP_SEQUENCE,
                        "END",
                        Usage.of(1L, null)),
                Wire.ASKED));

        assertThat(body.replace('"', '\''))
                .isEqualTo("{'model':'asked-model','created_at':'2026-01-02T03:04:05Z','message':{'role':'assistant',"
                        + "'content':'ab','thinking':'h','tool_calls':[{'id':'c','function':{'index':0,'name':'f','arguments':"
                        + "{'z':1}}}]},'done':true,'done_reason':'stop','total_duration':500000000,"
                        + "'prompt_eval_count':1}");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void loadingIsAnsweredAsOllamaDoes(boolean load) {
        String word = load ? "load" : "unload";
        OllamaDocumentWriter chat = new OllamaDocumentWriter(OllamaForm.CHAT, Format.CLOCK, Format.BEGUN);
        OllamaDocumentWriter generate = new OllamaDocumentWriter(OllamaForm.GENERATE, Format.CLOCK, Format.BEGUN);

        assertThat(Json.text(chat.residency("m", load)).replace('"', '\''))
                .isEqualTo(
                        "{'model':'m','created_at':'2026-01-02T03:04:05Z','message':{'role':'assistant','content':''},"
                                + "'done':true,'done_reason':'" + word + "'}");
        assertThat(Json.text(generate.residency("m", load)).replace('"', '\''))
                .isEqualTo("{'model':'m','created_at':'2026-01-02T03:04:05Z','response':'','done':true,'done_reason':'"
                        + word + "'}");
    }
}
