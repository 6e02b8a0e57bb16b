package dev.olla.dialect.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.dialect.Answer;
import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.Json;
import dev.olla.dialect.Part;
import dev.olla.dialect.StopReason;
import dev.olla.dialect.Usage;
import dev.olla.dialect.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class ResponsesAnswerWriterTest {

    private static final JsonNode REQUEST = Wire.json("{'model':'asked','input':'x','instructions':'s','store':false,"
            + "'temperature':0.10,'metadata':{'k':'v'},'tools':[{'type':'function','name':'f'}],"
            + "'reasoning':{'effort':'low'},'text':{'verbosity':'low'},'tool_choice':'required'}");

    private static ResponsesStreamWriter writer() {
        return new ResponsesStreamWriter(Wire.ASKED, new ResponseFrame(REQUEST), Wire.identifiers());
    }

    private static List<JsonNode> events(List<AnswerEvent> events) {
        return parse(Wire.write(writer(), events));
    }

    private static List<JsonNode> parse(String stream) {
        List<JsonNode> parsed = new ArrayList<>();
        assertThat(stream).endsWith("\n\n");
        for (String frame : stream.strip().split("\n\n", -1)) {
            String[] lines = frame.split("\n", -1);
            JsonNode data = Wire.tree(lines[1].substring("data: ".length()));
            assertThat(lines).hasSize(2);
            assertThat(lines[0]).isEqualTo("event: " + data.path("type").asString());
            assertThat(data.path("sequence_number").asInt()).isEqualTo(parsed.size());
            parsed.add(data);
        }
        return parsed;
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream()
                .map(event -> event.path("type").asString().replace("response.", ""))
                .toList();
    }

    private static final List<AnswerEvent> EVERYTHING = List.of(
            new AnswerEvent.Started("x", "m", 9),
            new AnswerEvent.Thinking("h"),
            new AnswerEvent.Thinking("i"),
            new AnswerEvent.ThinkingSigned("sig"),
            new AnswerEvent.Text("a"),
            new AnswerEvent.Text("b"),
            new AnswerEvent.Refusal("no"),
            new AnswerEvent.ToolCallStarted(0, "c", "f"),
            new AnswerEvent.ToolArguments(0, "{\"z\":"),
            new AnswerEvent.ToolCallStarted(1, "d", "g"),
            new AnswerEvent.ToolArguments(1, ""),
            new AnswerEvent.ToolArguments(0, "1}"),
            new AnswerEvent.Used(Usage.of(5L, 7L)),
            new AnswerEvent.Finished(StopReason.TOOL_USE, null),
            new AnswerEvent.Text("late"));

    @Test
    void eventsComeInTheirDocumentedOrder() {
        assertThat(types(events(EVERYTHING)))
                .containsExactly(
                        "created",
                        "in_progress",
                        "output_item.added",
                        "reasoning_summary_part.added",
                        "reasoning_summary_text.delta",
                        "reasoning_summary_text.delta",
                        "reasoning_summary_text.done",
                        "reasoning_summary_part.done",
                        "output_item.done",
                        "output_item.added",
                        "content_part.added",
                        "output_text.delta",
                        "output_text.delta",
                        "output_text.done",
                        "content_part.done",
                        "content_part.added",
                        "refusal.delta",
                        "refusal.done",
                        "content_part.done",
                        "output_item.done",
                        "output_item.added",
                        "function_call_arguments.delta",
                        "function_call_arguments.delta",
                        "function_call_arguments.done",
                        "output_item.done",
                        "output_item.added",
                        "function_call_arguments.done",
                        "output_item.done",
                        "completed");
    }

    @Test
    void itemsKeepTheirNumbersAndNames() {
        List<JsonNode> events = events(EVERYTHING);
        JsonNode output = events.getLast().at("/response/output");
        String current = "";
        for (JsonNode event : events.subList(2, events.size() - 1)) {
            int index = event.path("output_index").asInt(-1);
            String type = event.path("type").asString();
            if (type.equals("response.output_item.added")) {
                current = event.at("/item/id").asString();
                assertThat(output.path(index).path("id").asString()).isEqualTo(current);
                assertThat(event.at("/item/type")).isEqualTo(output.path(index).path("type"));
            } else if (type.equals("response.output_item.done")) {
                assertThat(event.path("item")).isEqualTo(output.path(index));
            } else {
                assertThat(event.path("item_id").asString()).isEqualTo(current);
            }
        }
        assertThat(output.size()).isEqualTo(4);
    }

    @Test
    void partsOfAMessageAreCounted() {
        List<JsonNode> events = events(EVERYTHING);

        assertThat(events.get(10).toString()).contains("\"content_index\":0", "\"type\":\"output_text\"");
        assertThat(events.get(13).path("text").asString()).isEqualTo("ab");
        assertThat(events.get(15).toString()).contains("\"content_index\":1", "\"type\":\"refusal\"");
    }

    @Test
    void theResponseIsWholeAtItsEnd() {
        JsonNode response = events(EVERYTHING).getLast().path("response");
        String id = response.path("id").asString();

        assertThat(id).startsWith("resp_");
        assertThat(Json.text(response).replace('"', '\'').replaceAll("'(rs|msg|fc|resp)_[^']*'", "'$1'"))
                .isEqualTo("{'id':'resp','object':'response','created_at':9,'status':'completed','background':false,"
                        + "'error':null,'incomplete_details':null,'model':'m','output':["
                        + "{'id':'rs','type':'reasoning','summary':[{'type':'summary_text','text':'hi'}],"
                        + "'encrypted_content':'sig'},"
                        + "{'id':'msg','type':'message','status':'completed','role':'assistant','content':["
                        + "{'type':'output_text','text':'ab','annotations':[],'logprobs':[]},"
                        + "{'type':'refusal','refusal':'no'}]},"
                        + "{'id':'fc','type':'function_call','status':'completed','arguments':'{\\'z\\':1}',"
                        + "'call_id':'c','name':'f'},"
                        + "{'id':'fc','type':'function_call','status':'completed','arguments':'{}',"
                        + "'call_id':'d','name':'g'}],"
                        + "'instructions':'s','max_output_tokens':null,'max_tool_calls':null,"
                        + "'previous_response_id':null,'prompt_cache_key':null,'safety_identifier':null,"
                        + "'temperature':0.10,'top_p':null,'user':null,'metadata':{'k':'v'},"
                        + "'parallel_tool_calls':true,'reasoning':{'effort':'low','summary':null},'store':false,"
                        + "'text':{'verbosity':'low','format':{'type':'text'}},'tool_choice':'required',"
                        + "'tools':[{'type':'function','name':'f'}],'truncation':'disabled',"
                        + "'usage':{'input_tokens':5,'input_tokens_details':{'cached_tokens':0},'output_tokens':7,"
                        + "'output_tokens_details':{'reasoning_tokens':0},'total_tokens':12}}");
    }

    @Test
    void theEndIsAlsoForWhoeverKeepsIt() {
        ResponsesStreamWriter writer = writer();
        assertThat(writer.finished()).isNull();
        List<JsonNode> events = parse(Wire.write(writer, EVERYTHING));

        assertThat(String.valueOf(writer.finished()))
                .isEqualTo(events.getLast().path("response").toString());
    }

    @Test
    void anAnswerThatSaysNothingIsOneToo() {
        assertThat(types(events(List.of(new AnswerEvent.Finished(StopReason.END, null)))))
                .containsExactly("created", "in_progress", "completed");
    }

    @Test
    void countsThatNobodyToldAreNone() {
        assertThat(events(List.of(new AnswerEvent.Finished(StopReason.END, null)))
                        .getLast()
                        .at("/response/usage")
                        .isNull())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"LENGTH,max_output_tokens", "REFUSAL,content_filter"})
    void anAnswerMayBeIncomplete(StopReason reason, String why) {
        List<JsonNode> events = events(List.of(new AnswerEvent.Text("a"), new AnswerEvent.Finished(reason, null)));
        JsonNode response = events.getLast().path("response");

        assertThat(types(events)).endsWith("output_item.done", "incomplete");
        assertThat(response.path("status").asString()).isEqualTo("incomplete");
        assertThat(response.at("/incomplete_details/reason").asString()).isEqualTo(why);
        assertThat(response.at("/output/0/status").asString()).isEqualTo("incomplete");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "502|gone|server_error",
                "429|slow down|rate_limit_exceeded",
                "400|no|invalid_prompt",
                "400|prompt is too long: 9 tokens > 5 maximum|context_length_exceeded"
            })
    void aFailureIsToldInsteadOfAnEnd(int status, String message, String code) {
        List<JsonNode> events =
                events(List.of(new AnswerEvent.Text("a"), new AnswerEvent.Failed(status, null, message)));
        JsonNode response = events.getLast().path("response");

        assertThat(types(events)).endsWith("output_text.delta", "failed");
        assertThat(response.path("status").asString()).isEqualTo("failed");
        assertThat(response.at("/error/code").asString()).isEqualTo(code);
        assertThat(response.at("/error/message").asString()).isEqualTo(message);
    }

    @Test
    void aFailureBeforeAnythingIsAnErrorByItself() {
        assertThat(Wire.write(writer(), List.of(new AnswerEvent.Failed(502, null, "gone"))))
                .isEqualTo("event: error\ndata: {\"type\":\"error\",\"sequence_number\":0,\"code\":\"server_error\","
                        + "\"message\":\"gone\",\"param\":null}\n\n");
    }

    @Test
    void anAnswerWithoutEndIsGivenUp() {
        ResponsesStreamWriter writer = writer();
        String block = "x".repeat(1 << 20);
        int told = 0;
        byte[] last = writer.write(new AnswerEvent.Text(block));
        while (!new String(last, StandardCharsets.UTF_8).contains("response.failed") && told < 100) {
            last = writer.write(told++ % 2 == 0 ? new AnswerEvent.Text(block) : new AnswerEvent.Thinking(block));
        }

        assertThat(told).isEqualTo(ResponsesStreamWriter.LIMIT >> 20);
        assertThat(writer.write(new AnswerEvent.Text(block))).isEmpty();
    }

    @Test
    void aSilentStreamIsKeptAliveByComments() {
        assertThat(writer().ping()).isEqualTo(Wire.utf8(": waiting\n\n"));
    }

    @Test
    void aWholeResponseIsWhatTheStreamAddsUpTo() {
        Answer answer = Wire.answer(EVERYTHING.subList(0, EVERYTHING.size() - 1));
        JsonNode whole =
                new ResponsesDocumentWriter(new ResponseFrame(REQUEST), Wire.identifiers()).write(answer, Wire.ASKED);
        JsonNode streamed = events(EVERYTHING).getLast().path("response");

        assertThat(bare(whole)).isEqualTo(bare(streamed));
    }

    private static String bare(JsonNode response) {
        return Json.text(response).replaceAll("\"(rs|msg|fc|resp)_[^\"]*\"", "\"$1\"");
    }

    @Test
    void theLastItemOfAWholeAnswerIsTheOneCutOff() {
        Answer answer = new Answer(
                "resp_own",
                null,
                0,
                List.of(new Part.Thinking("h"), new Part.Text("a"), new Part.ToolCall("c", "f", "")),
                StopReason.LENGTH,
                null,
                Usage.UNKNOWN);
        JsonNode whole =
                new ResponsesDocumentWriter(new ResponseFrame(REQUEST), Wire.identifiers()).write(answer, Wire.ASKED);

        assertThat(whole.path("id").asString()).isEqualTo("resp_own");
        assertThat(whole.at("/output/1/status").asString()).isEqualTo("completed");
        assertThat(whole.at("/output/2/status").asString()).isEqualTo("incomplete");
        assertThat(whole.at("/output/2/arguments").asString()).isEqualTo("{}");
        assertThat(whole.path("model").asString()).isEqualTo("asked-model");
    }
}
