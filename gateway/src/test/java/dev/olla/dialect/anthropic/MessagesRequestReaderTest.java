package dev.olla.dialect.anthropic;

import static dev.olla.dialect.Wire.anthropic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.Media;
import dev.olla.dialect.Message;
import dev.olla.dialect.OutputFormat;
import dev.olla.dialect.Part;
import dev.olla.dialect.Reasoning;
import dev.olla.dialect.Tool;
import dev.olla.dialect.ToolChoice;
import dev.olla.dialect.Wire;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MessagesRequestReaderTest {

    private static final Extras NONE = new Extras(Dialect.ANTHROPIC, Map.of());
    private static final String REST = "'max_tokens':5,'messages':[{'role':'user','content':'x'}]";

    private static Conversation request(String fields) throws BadRequest {
        return anthropic("{'model':'m'," + REST + (fields.isEmpty() ? "" : ",") + fields + "}");
    }

    private static Conversation content(String content) throws BadRequest {
        return anthropic("{'model':'m','max_tokens':5,'messages':[{'role':'user','content':" + content + "}]}");
    }

    private static Part block(String block) throws BadRequest {
        return content("[" + block + "]").messages().getFirst().parts().getFirst();
    }

    private static BadRequest refusal(String request) {
        return catchThrowableOfType(BadRequest.class, () -> anthropic(request));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | model field is required",
                "{'model':''} | model field is required",
                "{'model':null} | model field is required",
                "{'model':'m'} | at least one message is required",
                "{'model':'m','messages':[]} | at least one message is required",
                "{'model':'m','messages':[{}]} | max_tokens must be at least 1, got 0",
                "{'model':'m','messages':[{}],'max_tokens':-3} | max_tokens must be at least 1, got -3",
                "{'model':'m','messages':[{}],'max_tokens':1,'temperature':2.5}"
                        + " | temperature must be between 0 and 2, got 2.500000",
                "{'model':'m','messages':[{}],'max_tokens':1,'temperature':-1}"
                        + " | temperature must be between 0 and 2, got -1.000000",
                "{'model':'m','messages':[{}],'max_tokens':1,'top_p':1.0000004}"
                        + " | top_p must be between 0 and 1, got 1.000000",
                "{'model':'m','messages':[{}],'max_tokens':1,'top_k':-1} | top_k must be non-negative, got -1"
            })
    void whatIsMissingOrOutOfRangeIsToldInTheAgreedWords(String request, String message) {
        BadRequest refused = refusal(request);

        assertThat(refused.getMessage()).isEqualTo(message);
        assertThat(refused.kind()).isEqualTo(BadRequest.Kind.INVALID);
        assertThat(refused.field()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'model':7 | model",
                "'max_tokens':1.0 | max_tokens",
                "'max_tokens':'1' | max_tokens",
                "'max_tokens':99999999999999999999 | max_tokens",
                "'temperature':'hot' | temperature",
                "'temperature':1e999999999 | temperature",
                "'temperature':1e-999999999 | temperature",
                "'top_p':[] | top_p",
                "'top_k':1.5 | top_k",
                "'stop_sequences':'x' | stop_sequences",
                "'stop_sequences':['x',7] | stop_sequences[1]",
                "'stream':'yes' | stream",
                "'metadata':'x' | metadata",
                "'metadata':{'user_id':7} | metadata.user_id",
                "'messages':7 | messages",
                "'messages':['x'] | messages[0]",
                "'messages':[{'role':7,'content':'x'}] | messages[0].role",
                "'messages':[{'role':'user','content':null}] | messages[0].content",
                "'messages':[{'role':'user','content':7}] | messages[0].content",
                "'messages':[{'role':'user'}] | messages[0].content",
                "'messages':[{'role':'user','content':['x']}] | messages[0].content[0]",
                "'messages':[{'role':'user','content':[{'type':7}]}] | messages[0].content[0].type",
                "'messages':[{'role':'user','content':[{'type':'text','text':7}]}] | messages[0].content[0].text",
                "'messages':[{'role':'user','content':[{'type':'image','source':7}]}] | messages[0].content[0].source",
                "'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'a','is_error':7}]}]"
                        + " | messages[0].content[0].is_error",
                "'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'a','content':7}]}]"
                        + " | messages[0].content[0].content",
                "'system':7 | system",
                "'system':[7] | system[0]",
                "'tools':{} | tools",
                "'tools':[7] | tools[0]",
                "'tools':[{'name':7}] | tools[0].name",
                "'tools':[{'name':'f','input_schema':7}] | tools[0].input_schema",
                "'tools':[{'name':'f','strict':7}] | tools[0].strict",
                "'thinking':7 | thinking",
                "'thinking':{'type':'enabled','budget_tokens':'x'} | thinking.budget_tokens",
                "'output_config':7 | output_config",
                "'output_config':{'format':7} | output_config.format"
            })
    void aWrongTypeIsNamedByItsPath(String fields, String path) {
        String request = "{'model':'m'," + REST + "," + fields + "}";
        BadRequest refused = refusal(request);

        assertThat(refused.field()).isEqualTo(path);
        assertThat(refused.getMessage()).startsWith(path);
        assertThat(refused.kind()).isEqualTo(BadRequest.Kind.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'messages':[{'content':'x'}] | messages[0].role",
                "'messages':[{'role':'tool','content':'x'}] | messages[0].role",
                "'messages':[{'role':'user','content':[{}]}] | messages[0].content[0].type",
                "'messages':[{'role':'user','content':[{'type':'text'}]}] | messages[0].content[0].text",
                "'messages':[{'role':'user','content':[{'type':'image'}]}] | messages[0].content[0].source",
                "'messages':[{'role':'user','content':[{'type':'image','source':{'type':'x'}}]}]"
                        + " | messages[0].content[0].source.type",
                "'messages':[{'role':'assistant','content':[{'type':'tool_use','name':'f'}]}]"
                        + " | messages[0].content[0].id",
                "'messages':[{'role':'assistant','content':[{'type':'tool_use','id':'a','name':''}]}]"
                        + " | messages[0].content[0].name",
                "'messages':[{'role':'user','content':[{'type':'tool_result'}]}]"
                        + " | messages[0].content[0].tool_use_id",
                "'tools':[{}] | tools[0].name",
                "'thinking':{'type':'x'} | thinking.type",
                "'output_config':{'format':{'type':'x'}} | output_config.format.type",
                "'output_config':{'format':{'type':'json_schema'}} | output_config.format.schema"
            })
    void whatIsMissingWithinIsNamedByItsPath(String fields, String path) {
        BadRequest refused = refusal("{'model':'m'," + REST + "," + fields + "}");

        assertThat(refused.field()).isEqualTo(path);
        assertThat(refused.kind()).isEqualTo(BadRequest.Kind.INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "'x'", "null"})
    void aBodyThatIsNoObjectIsRefused(String body) {
        assertThat(refusal(body).field()).isNull();
    }

    @Test
    void theSystemTextComesFirstWithItsHints() throws BadRequest {
        Conversation conversation = request("'system':[{'type':'text','text':'a','cache_control':{'type':'ephemeral'}},"
                + "{'type':'text','text':'b'}]");

        Message system = conversation.messages().getFirst();
        assertThat(system.role()).isEqualTo(Message.Role.SYSTEM);
        assertThat(system.parts().getFirst().extras().fields()).containsOnlyKeys("cache_control");
        assertThat(conversation.place(0)).isEqualTo("system");
        assertThat(conversation.place(1)).isEqualTo("messages[0]");
    }

    @Test
    void aSystemMessageAmongTheOthersStaysThere() throws BadRequest {
        Conversation conversation = anthropic(
                "{'model':'m','max_tokens':5,'messages':[{'role':'system','content':'a'},{'role':'user','content':'b'}]}");

        assertThat(conversation.messages().getFirst().role()).isEqualTo(Message.Role.SYSTEM);
        assertThat(conversation.place(0)).isEqualTo("messages[0]");
    }

    @Test
    void everyKindOfBlockIsRead() throws BadRequest {
        assertThat(block("{'type':'image','source':{'type':'base64','media_type':'image/png','data':'AA=='}}"))
                .isEqualTo(new Part.Image(new Media.Inline("image/png", "AA=="), null, NONE));
        assertThat(block("{'type':'image','source':{'type':'url','url':'http://x'}}"))
                .isEqualTo(new Part.Image(new Media.Link("http://x"), null, NONE));
        assertThat(block("{'type':'document','title':'t','context':'c','source':{'type':'text','data':'d'}}"))
                .isEqualTo(new Part.Document(new Media.Plain("d"), "t", "c", NONE));
        assertThat(block("{'type':'document','source':{'type':'content','content':'d'}}"))
                .isEqualTo(new Part.Document(new Media.Pieces(List.of(new Part.Text("d"))), null, null, NONE));
        assertThat(block("{'type':'document','source':{'type':'file','file_id':'f'}}"))
                .isEqualTo(new Part.Document(new Media.Stored("f"), null, null, NONE));
        assertThat(block("{'type':'thinking','thinking':'t','signature':'s'}"))
                .isEqualTo(new Part.Thinking("t", "s", NONE));
        assertThat(block("{'type':'redacted_thinking','data':'d'}")).isEqualTo(new Part.RedactedThinking("d", NONE));
        assertThat(block("{'type':'tool_use','id':'a','name':'f','input':{'z':1,'a':2.50}}"))
                .isEqualTo(new Part.ToolCall("a", "f", "{\"z\":1,\"a\":2.50}", NONE));
        assertThat(block("{'type':'tool_use','id':'a','name':'f'}")).isEqualTo(new Part.ToolCall("a", "f", "{}", NONE));
        assertThat(block("{'type':'tool_result','tool_use_id':'a','is_error':true,'content':'r'}"))
                .isEqualTo(new Part.ToolResult("a", null, List.of(new Part.Text("r")), true, NONE));
        assertThat(block("{'type':'tool_result','tool_use_id':'a'}"))
                .isEqualTo(new Part.ToolResult("a", null, List.of(), false, NONE));
    }

    @Test
    void blocksOfTheServicesOwnTellTheirGist() throws BadRequest {
        assertThat(((Part.Foreign) block("{'type':'search_result','title':'t','source':'s',"
                                + "'content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]}"))
                        .text())
                .isEqualTo("Search result: t\nSource: s\n\na\nb");
        assertThat(((Part.Foreign) block(
                                "{'type':'server_tool_use','id':'a','name':'web_search'," + "'input':{'query':'q'}}"))
                        .text())
                .isEqualTo("[web_search was used: q]");
        assertThat(((Part.Foreign) block("{'type':'web_search_tool_result','tool_use_id':'a','content':"
                                + "[{'type':'web_search_result','title':'t','url':'u','encrypted_content':'zzz'}]}"))
                        .text())
                .isEqualTo("[web_search_tool_result: t\nu]");
        assertThat(((Part.Foreign) block("{'type':'container_upload','file_id':'f'}")).text())
                .isNull();
    }

    @Test
    void aSingleBlockAndAnEmptyTextAreContentToo() throws BadRequest {
        assertThat(content("{'type':'text','text':'a'}").messages().getFirst().parts())
                .containsExactly(new Part.Text("a", NONE));
        assertThat(content("''").messages().getFirst().parts()).isEmpty();
    }

    @Test
    void thinkingAndEffortAreRead() throws BadRequest {
        assertThat(request("'thinking':{'type':'enabled','budget_tokens':2048}").reasoning())
                .isEqualTo(new Reasoning(true, null, 2_048L, null));
        assertThat(request("'thinking':{'type':'adaptive','display':'omitted'},'output_config':{'effort':'max'}")
                        .reasoning())
                .isEqualTo(new Reasoning(true, "max", null, false));
        assertThat(request("'thinking':{'type':'disabled'}").reasoning())
                .isEqualTo(new Reasoning(false, null, null, null));
        assertThat(request("'thinking':null").reasoning()).isEqualTo(Reasoning.STANDARD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'output_config':{'format':{'type':'json_schema','schema':{'b':1,'a':2}}}",
                "'output_format':{'type':'json_schema','schema':{'b':1,'a':2}}"
            })
    void theFormatOfTheAnswerIsRead(String fields) throws BadRequest {
        assertThat(request(fields).output())
                .isEqualTo(new OutputFormat.Schema(null, null, Wire.json("{'b':1,'a':2}"), true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'auto' | Auto",
                "{'type':'auto'} | Auto",
                "'any' | Any",
                "{'type':'any'} | Any",
                "'none' | None",
                "{'type':'none'} | None",
                "{'type':'tool','name':'f'} | Named",
                "'tool' | Auto",
                "7 | Auto",
                "{'type':'novelty'} | Auto"
            })
    void everyChoiceIsRead(String choice, String kind) throws BadRequest {
        ToolChoice read = request("'tools':[{'name':'f','input_schema':{}}],'tool_choice':" + choice)
                .tools()
                .choice();

        assertThat(read)
                .isNotNull()
                .extracting(found -> found.getClass().getSimpleName())
                .isEqualTo(kind);
    }

    @Test
    void aChosenToolNeedsAName() {
        BadRequest refused = refusal("{'model':'m'," + REST + ",'tools':[{'name':'f'}],'tool_choice':{'type':'tool'}}");

        assertThat(refused.getMessage())
                .isEqualTo("failed to convert tool_choice: tool_choice type 'tool' requires 'name' field");
        assertThat(refused.field()).isEqualTo("tool_choice.name");
    }

    @Test
    void parallelUseIsReadTheOtherWayRound() throws BadRequest {
        assertThat(request("'tools':[{'name':'f'}],'tool_choice':{'type':'auto','disable_parallel_tool_use':true}")
                        .tools()
                        .parallel())
                .isFalse();
        assertThat(request("'tools':[{'name':'f'}]").tools().parallel()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "bash_20250124, command",
        "text_editor_20250728, insert_text",
        "text_editor_20250124, new_str",
        "memory_20250818, old_path",
        "computer_20251124, coordinate"
    })
    void toolsThatTheClientRunsHaveTheirPublishedSchema(String type, String property) throws BadRequest {
        Tool tool = request("'tools':[{'type':'" + type + "','name':'n'}]")
                .tools()
                .tools()
                .getFirst();

        assertThat(tool).isInstanceOfSatisfying(Tool.BuiltIn.class, own -> {
            assertThat(own.omittable()).isFalse();
            assertThat(own.function()).isNotNull().satisfies(function -> {
                assertThat(function.name()).isEqualTo("n");
                assertThat(String.valueOf(function.parameters())).contains("\"" + property + "\":{");
            });
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web_search_20250305",
                "web_fetch_20250910",
                "code_execution_20250825",
                "tool_search_tool_regex_20251119",
                "mcp_toolset"
            })
    void toolsThatTheServiceRunsCanBeLeftOut(String type) throws BadRequest {
        Tool tool = request("'tools':[{'type':'" + type + "'}]").tools().tools().getFirst();

        assertThat(tool)
                .isInstanceOfSatisfying(
                        Tool.BuiltIn.class, own -> assertThat(own.omittable()).isTrue());
    }

    @Test
    void numbersAreExact() throws BadRequest {
        Conversation conversation = request("'temperature':0.10,'tools':[{'name':'f','input_schema':"
                + "{'z':9223372036854775808,'a':1e400,'m':0.1}}]");

        assertThat(conversation.sampling().temperature()).isEqualTo(new BigDecimal("0.10"));
        assertThat(((Tool.Function) conversation.tools().tools().getFirst()).parameters())
                .hasToString("{\"z\":9223372036854775808,\"a\":1E+400,\"m\":0.1}");
    }

    @Test
    void unknownFieldsAreCarried() throws BadRequest {
        Conversation conversation = request("'service_tier':'auto','metadata':{'user_id':'u','more':1},'new':[1]");

        assertThat(conversation.user()).isEqualTo("u");
        assertThat(conversation.extras().of(Dialect.ANTHROPIC)).containsOnlyKeys("service_tier", "metadata", "new");
        assertThat(conversation.extras().needed()).isEmpty();
    }
}
