package dev.olla.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Each format as the client's against each as the server's: one question with an image, thoughts and two calls at
/// once, and the same answers, whole and in pieces.
final class FormatTableTest {

    private static final String IMAGE = "iVBORw0KGgoAAAA=";

    private static final Answer ANSWER = new Answer(
            null,
            "m",
            0,
            List.of(
                    new Part.Thinking("Two cities."),
                    new Part.Text("Looking é\uD83D\uDE00."),
                    new Part.ToolCall("call_a", "weather", "{\"city\":\"Oslo\",\"days\":1.50}"),
                    new Part.ToolCall("call_b", "weather", "{\"city\":\"Rome\"}")),
            StopReason.TOOL_USE,
            null,
            Usage.of(61L, 24L));

    private static final List<AnswerEvent> EVENTS = List.of(
            new AnswerEvent.Started(null, "m", 0),
            new AnswerEvent.Thinking("Two "),
            new AnswerEvent.Thinking("cities."),
            new AnswerEvent.Text("Looking "),
            new AnswerEvent.Text("é\uD83D\uDE00."),
            new AnswerEvent.ToolCallStarted(0, "call_a", "weather"),
            new AnswerEvent.ToolArguments(0, "{\"city\":\"Os"),
            new AnswerEvent.ToolCallStarted(1, "call_b", "weather"),
            new AnswerEvent.ToolArguments(1, "{\"city\":"),
            new AnswerEvent.ToolArguments(0, "lo\",\"days\":1.50}"),
            new AnswerEvent.ToolArguments(1, "\"Rome\"}"),
            new AnswerEvent.Used(Usage.of(61L, 24L)),
            new AnswerEvent.Finished(StopReason.TOOL_USE, null));

    private static String request(Format format) {
        return switch (format) {
            case OPENAI -> """
                    {'model':'m','stream':true,'max_tokens':9000,'temperature':0.70,'top_p':0.9,
                     'reasoning_effort':'low',
                     'response_format':{'type':'json_schema','json_schema':{'name':'answer','schema':{'type':'object'}}},
                     'tools':[{'type':'function','function':{'name':'weather','description':'d',
                       'parameters':{'type':'object'}}}],
                     'messages':[{'role':'system','content':'Be brief.'},
                      {'role':'user','content':[
                        {'type':'image_url','image_url':{'url':'data:image/png;base64,%s'}},
                        {'type':'text','text':'Where is this?'}]},
                      {'role':'assistant','content':'Let me see.','tool_calls':[
                        {'id':'call_1','type':'function','function':{'name':'weather','arguments':'{\\'city\\':\\'A\\'}'}},
                        {'id':'call_2','type':'function','function':{'name':'weather','arguments':'{\\'city\\':\\'B\\'}'}}]},
                      {'role':'tool','tool_call_id':'call_1','content':'sun'},
                      {'role':'tool','tool_call_id':'call_2','content':'rain'}]}""".formatted(IMAGE);
            case RESPONSES -> """
                    {'model':'m','stream':true,'max_output_tokens':9000,'temperature':0.70,'top_p':0.9,
                     'instructions':'Be brief.','reasoning':{'effort':'low'},
                     'text':{'format':{'type':'json_schema','name':'answer','schema':{'type':'object'}}},
                     'tools':[{'type':'function','name':'weather','description':'d','parameters':{'type':'object'}}],
                     'input':[
                      {'type':'message','role':'user','content':[
                        {'type':'input_image','image_url':'data:image/png;base64,%s'},
                        {'type':'input_text','text':'Where is this?'}]},
                      {'type':'message','role':'assistant','content':[{'type':'output_text','text':'Let me see.'}]},
                      {'type':'function_call','call_id':'call_1','name':'weather','arguments':'{\\'city\\':\\'A\\'}'},
                      {'type':'function_call','call_id':'call_2','name':'weather','arguments':'{\\'city\\':\\'B\\'}'},
                      {'type':'function_call_output','call_id':'call_1','output':'sun'},
                      {'type':'function_call_output','call_id':'call_2','output':'rain'}]}""".formatted(IMAGE);
            case ANTHROPIC -> """
                    {'model':'m','stream':true,'max_tokens':9000,'temperature':0.70,'top_p':0.9,
                     'system':'Be brief.','thinking':{'type':'enabled','budget_tokens':2048},
                     'output_config':{'format':{'type':'json_schema','schema':{'type':'object'}}},
                     'tools':[{'name':'weather','description':'d','input_schema':{'type':'object'}}],
                     'messages':[
                      {'role':'user','content':[
                        {'type':'image','source':{'type':'base64','media_type':'image/png','data':'%s'}},
                        {'type':'text','text':'Where is this?'}]},
                      {'role':'assistant','content':[{'type':'text','text':'Let me see.'},
                        {'type':'tool_use','id':'call_1','name':'weather','input':{'city':'A'}},
                        {'type':'tool_use','id':'call_2','name':'weather','input':{'city':'B'}}]},
                      {'role':'user','content':[
                        {'type':'tool_result','tool_use_id':'call_1','content':'sun'},
                        {'type':'tool_result','tool_use_id':'call_2','content':'rain'}]}]}""".formatted(IMAGE);
            case OLLAMA -> """
                    {'model':'m','options':{'num_predict':9000,'temperature':0.70,'top_p':0.9},'think':true,
                     'format':{'type':'object'},
                     'tools':[{'type':'function','function':{'name':'weather','description':'d',
                       'parameters':{'type':'object'}}}],
                     'messages':[{'role':'system','content':'Be brief.'},
                      {'role':'user','content':'Where is this?','images':['%s']},
                      {'role':'assistant','content':'Let me see.','tool_calls':[
                        {'id':'call_1','function':{'name':'weather','arguments':{'city':'A'}}},
                        {'id':'call_2','function':{'name':'weather','arguments':{'city':'B'}}}]},
                      {'role':'tool','tool_name':'weather','content':'sun'},
                      {'role':'tool','tool_name':'weather','content':'rain'}]}""".formatted(IMAGE);
        };
    }

    static Stream<Arguments> pairs() {
        return Stream.of(Format.values())
                .flatMap(client -> Stream.of(Format.values()).map(server -> Arguments.of(client, server)));
    }

    /// All that is said, in its order, whoever's turn it counts to.
    private static List<String> said(Conversation conversation) {
        List<String> said = new ArrayList<>();
        for (Message message : conversation.messages()) {
            for (Part part : message.parts()) {
                said.add(message.role() + " " + words(part));
            }
        }
        return said;
    }

    private static String words(Part part) {
        return switch (part) {
            case Part.Text text -> text.text();
            case Part.Image image -> String.valueOf(image.media());
            case Part.ToolCall call -> call.id() + call.name() + call.arguments();
            case Part.ToolResult result ->
                result.callId()
                        + result.content().stream().map(FormatTableTest::words).toList();
            default -> part.toString();
        };
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aServerHearsWhatTheClientSays(Format client, Format server) throws BadRequest {
        Conversation asked = client.read(Wire.json(request(client)));
        Abilities abilities = new Abilities(Set.of("reasoning_effort"));
        Conversation heard = server.read(Wire.tree(Json.text(server.writer().write(asked, "other", abilities))));

        assertThat(heard.model()).isEqualTo("other");
        assertThat(said(heard)).isEqualTo(said(asked)).hasSize(8);
        assertThat(heard.stream()).isTrue();
        assertThat(heard.sampling()).isEqualTo(asked.sampling());
        assertThat(heard.output())
                .isInstanceOfSatisfying(
                        OutputFormat.Schema.class,
                        schema -> assertThat(schema.schema()).isEqualTo(Wire.json("{'type':'object'}")));
        assertThat(heard.tools().tools()).singleElement().isInstanceOfSatisfying(Tool.Function.class, tool -> {
            assertThat(tool.name()).isEqualTo("weather");
            assertThat(tool.description()).isEqualTo("d");
            assertThat(tool.parameters()).isEqualTo(Wire.json("{'type':'object'}"));
        });
        assertThat(heard.reasoning().enabled()).isEqualTo(thinks(client, server) ? true : null);
    }

    /// Two of the formats know no more than an effort, and Ollama's clients needn't say one.
    private static boolean thinks(Format client, Format server) {
        boolean effortOnly = server == Format.OPENAI || server == Format.RESPONSES;
        return client != Format.OLLAMA || !effortOnly;
    }

    @ParameterizedTest
    @EnumSource
    void aStreamTellsTheSameHoweverItIsCut(Format format) {
        byte[] body = Wire.utf8(Wire.write(format.answerWriter(), EVENTS));
        for (int cut = 0; cut <= body.length; cut++) {
            Answer heard = Wire.answer(Wire.read(format.answerReader(), body, cut));

            assertThat(heard.content().stream().map(FormatTableTest::bare).toList())
                    .as("cut at %d", cut)
                    .isEqualTo(ANSWER.content());
            assertThat(heard.stop()).isEqualTo(StopReason.TOOL_USE);
            assertThat(heard.usage().inputTokens()).isEqualTo(61);
            assertThat(heard.usage().outputTokens()).isEqualTo(24);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamTellsTheSameByteByByte(Format format) {
        byte[] body = Wire.utf8(Wire.write(format.answerWriter(), EVENTS));
        List<AnswerEvent> events = new ArrayList<>();
        AnswerReader reader = format.answerReader();
        for (int i = 0; i < body.length; i++) {
            reader.read(body, i, 1, events::add);
        }
        reader.end(events::add);

        assertThat(Wire.answer(events).content().stream()
                        .map(FormatTableTest::bare)
                        .toList())
                .isEqualTo(ANSWER.content());
        assertThat(reader.skipped()).isZero();
    }

    /// Anthropic's thoughts carry a signature.
    private static Part bare(Part part) {
        return part instanceof Part.Thinking thought ? new Part.Thinking(thought.text()) : part;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aClientHearsWhatTheServerSays(Format server, Format client) {
        byte[] body = Wire.utf8(Wire.write(server.answerWriter(), EVENTS));
        List<AnswerEvent> events = Wire.read(server.answerReader(), body);
        byte[] told = Wire.utf8(Wire.write(client.answerWriter(), events));
        Answer heard = Wire.answer(Wire.read(client.answerReader(), told));

        assertThat(heard.content().stream().map(FormatTableTest::bare).toList()).isEqualTo(ANSWER.content());
        assertThat(heard.stop()).isEqualTo(StopReason.TOOL_USE);
        assertThat(heard.model()).isEqualTo("m");
        assertThat(heard.usage().inputTokens()).isEqualTo(61);
        assertThat(heard.usage().outputTokens()).isEqualTo(24);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aWholeAnswerIsTheSameOne(Format server, Format client) {
        byte[] body = Json.bytes(server.documentWriter().write(ANSWER, Wire.ASKED));
        Answer answer = Wire.answer(Wire.read(server.answerReader(), body));
        byte[] told = Json.bytes(client.documentWriter().write(answer, Wire.ASKED));
        Answer heard = Wire.answer(Wire.read(client.answerReader(), told));

        assertThat(heard.content().stream().map(FormatTableTest::bare).toList()).isEqualTo(ANSWER.content());
        assertThat(heard.stop()).isEqualTo(StopReason.TOOL_USE);
        assertThat(heard.usage().inputTokens()).isEqualTo(61);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void anAnswerThatBreaksOffIsNoCleanEnd(Format server, Format client) {
        List<AnswerEvent> begun = EVENTS.subList(0, 4);
        byte[] body = Wire.utf8(Wire.write(server.answerWriter(), begun));
        List<AnswerEvent> events = Wire.read(server.answerReader(), body);
        byte[] told = Wire.utf8(Wire.write(client.answerWriter(), events));
        List<AnswerEvent> heard = Wire.read(client.answerReader(), told);

        assertThat(heard.getLast())
                .isInstanceOfSatisfying(
                        AnswerEvent.Failed.class,
                        failure -> assertThat(failure.message()).contains("ended its answer before it was complete"));
        assertThat(heard).noneMatch(AnswerEvent.Finished.class::isInstance);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void anAnswerThatIsTooLongSaysSo(Format server, Format client) {
        List<AnswerEvent> events = List.of(
                new AnswerEvent.Started(null, "m", 0),
                new AnswerEvent.Text("so lo"),
                new AnswerEvent.Finished(StopReason.LENGTH, null));
        List<AnswerEvent> told = Wire.read(server.answerReader(), Wire.utf8(Wire.write(server.answerWriter(), events)));
        Answer heard =
                Wire.answer(Wire.read(client.answerReader(), Wire.utf8(Wire.write(client.answerWriter(), told))));

        assertThat(heard.stop()).isEqualTo(StopReason.LENGTH);
        assertThat(heard.content()).isEqualTo(List.of(new Part.Text("so lo")));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoAnswerIsAFailure(Format format) {
        for (String body : new String[] {
            "",
            "\n\n",
            "{",
            "[]",
            "{}",
            "null",
            "<html>busy</html>",
            "{\"error\":\"no\"}",
            "{\"error\":{\"message\":\"no\"}}",
            "data: {\n\n",
            "data: \u0000\n\n",
            "[".repeat(5_000),
            "{\"a\":".repeat(5_000)
        }) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            for (int cut = 0; cut <= Math.min(bytes.length, 60); cut++) {
                List<AnswerEvent> events = Wire.read(format.answerReader(), bytes, cut);
                assertThat(events.getLast()).as(body).isInstanceOf(AnswerEvent.Failed.class);
            }
        }
    }

    @Test
    void thereAreFourFormats() {
        assertThat(Format.values()).hasSize(Dialect.values().length);
    }
}
