package dev.olla.dialect.openai;

import static dev.olla.dialect.Wire.openAi;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.Media;
import dev.olla.dialect.Message;
import dev.olla.dialect.OutputFormat;
import dev.olla.dialect.Part;
import dev.olla.dialect.Reasoning;
import dev.olla.dialect.Sampling;
import dev.olla.dialect.Tool;
import dev.olla.dialect.ToolChoice;
import dev.olla.dialect.Wire;
import dev.olla.dialect.anthropic.MessagesRequestWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatRequestReaderTest {

    private static final Extras NONE = new Extras(Dialect.OPENAI, Map.of());

    private static Conversation request(String fields) throws BadRequest {
        return openAi("{'model':'m','messages':[{'role':'user','content':'x'}]" + (fields.isEmpty() ? "" : ",") + fields
                + "}");
    }

    private static Message message(String message) throws BadRequest {
        return openAi("{'model':'m','messages':[" + message + "]}").messages().getFirst();
    }

    private static Part part(String part) throws BadRequest {
        return message("{'role':'user','content':[" + part + "]}").parts().getFirst();
    }

    private static BadRequest refusal(String fields) {
        return catchThrowableOfType(BadRequest.class, () -> request(fields));
    }

    @Test
    void everyRoleIsRead() throws BadRequest {
        assertThat(message("{'role':'system','content':'s'}").role()).isEqualTo(Message.Role.SYSTEM);
        assertThat(message("{'role':'developer','content':'s'}").extras().fields())
                .containsOnlyKeys("role");
        assertThat(message("{'role':'user','content':'u','name':'n'}").extras().fields())
                .containsOnlyKeys("name");
        assertThat(message("{'role':'tool','tool_call_id':'a','content':'r'}").parts())
                .containsExactly(new Part.ToolResult("a", null, List.of(new Part.Text("r", NONE)), false, NONE));
        assertThat(message("{'role':'function','name':'f','content':'r'}").parts())
                .containsExactly(new Part.ToolResult("", "f", List.of(new Part.Text("r", NONE)), false, NONE));
    }

    @Test
    void anAssistantThinksSpeaksRefusesAndCalls() throws BadRequest {
        assertThat(message("{'role':'assistant','content':'t','reasoning_content':'h','refusal':'n','tool_calls':"
                                + "[{'id':'a','type':'function','function':{'name':'f','arguments':'no json'}},"
                                + "{'id':'b','type':'custom','custom':{'name':'g','input':'i'}}],"
                                + "'function_call':{'name':'o','arguments':'{}'}}")
                        .parts())
                .containsExactly(
                        new Part.Thinking("h", null, NONE),
                        new Part.Text("t", NONE),
                        new Part.Refusal("n", NONE),
                        new Part.ToolCall("a", "f", "no json", NONE),
                        new Part.Foreign(
                                Dialect.OPENAI,
                                "custom",
                                Wire.json("{'id':'b','type':'custom','custom':{'name':'g','input':'i'}}"),
                                null),
                        new Part.ToolCall("", "o", "{}", NONE));
        assertThat(message("{'role':'assistant','content':null,'reasoning':'h'}")
                        .parts())
                .containsExactly(new Part.Thinking("h", null, NONE));
    }

    @Test
    void everyKindOfPartIsRead() throws BadRequest {
        assertThat(part("{'type':'image_url','image_url':{'url':'data:image/png;base64,AA==','detail':'low'}}"))
                .isEqualTo(new Part.Image(new Media.Inline("image/png", "AA=="), "low", NONE));
        assertThat(part("{'type':'image_url','image_url':{'url':'http://x'}}"))
                .isEqualTo(new Part.Image(new Media.Link("http://x"), null, NONE));
        assertThat(part("{'type':'image_url','image_url':'http://x'}"))
                .isEqualTo(new Part.Image(new Media.Link("http://x"), null, NONE));
        assertThat(part("{'type':'file','file':{'filename':'a.pdf','file_data':'data:application/pdf;base64,AA=='}}"))
                .isEqualTo(new Part.Document(new Media.Inline("application/pdf", "AA=="), "a.pdf", null, NONE));
        assertThat(part("{'type':'file','file':{'file_id':'f'}}"))
                .isEqualTo(new Part.Document(new Media.Stored("f"), null, null, NONE));
        assertThat(part("{'type':'refusal','refusal':'r'}")).isEqualTo(new Part.Refusal("r", NONE));
        assertThat(part("{'type':'input_audio','input_audio':{'data':'AA==','format':'wav'}}"))
                .isInstanceOf(Part.Foreign.class);
    }

    @Test
    void everySettingIsRead() throws BadRequest {
        Conversation conversation = request("'max_tokens':1,'max_completion_tokens':2,'temperature':0.50,'top_p':1,"
                + "'top_k':3,'min_p':0.1,'frequency_penalty':0.2,'presence_penalty':0.3,'repetition_penalty':1.1,"
                + "'seed':4,'stop':'END','user':'u','stream':true,'stream_options':{'include_usage':true},"
                + "'parallel_tool_calls':false,'reasoning_effort':'low'");

        assertThat(conversation.sampling())
                .isEqualTo(new Sampling(
                        2L,
                        new BigDecimal("0.50"),
                        BigDecimal.ONE,
                        3L,
                        new BigDecimal("0.1"),
                        new BigDecimal("0.2"),
                        new BigDecimal("0.3"),
                        new BigDecimal("1.1"),
                        4L,
                        List.of("END")));
        assertThat(conversation.user()).isEqualTo("u");
        assertThat(conversation.stream()).isTrue();
        assertThat(conversation.tools().parallel()).isFalse();
        assertThat(conversation.reasoning()).isEqualTo(new Reasoning(true, "low", null, null));
        assertThat(ChatRequestReader.wantsUsage(conversation)).isTrue();
        assertThat(ChatRequestReader.wantsUsage(request(""))).isFalse();
        assertThat(request("'stop':['a','b']").sampling().stop()).containsExactly("a", "b");
        assertThat(request("'reasoning_effort':'none'").reasoning().enabled()).isFalse();
        assertThat(request("'chat_template_kwargs':{'enable_thinking':false}")
                        .reasoning()
                        .enabled())
                .isFalse();
    }

    @Test
    void toolsAndFunctionsAreRead() throws BadRequest {
        assertThat(request("'tools':[{'type':'function','function':{'name':'f','description':'d','strict':true,"
                                + "'parameters':{'z':1,'a':2}}}],'tool_choice':'required'")
                        .tools())
                .satisfies(use -> {
                    assertThat(use.tools())
                            .containsExactly(new Tool.Function("f", "d", Wire.json("{'z':1,'a':2}"), true, NONE));
                    assertThat(use.choice()).isEqualTo(new ToolChoice.Any());
                });
        assertThat(request("'functions':[{'name':'f'}],'function_call':{'name':'f'}")
                        .tools())
                .satisfies(use -> {
                    assertThat(use.tools()).containsExactly(new Tool.Function("f", null, null, null, NONE));
                    assertThat(use.choice()).isEqualTo(new ToolChoice.Named("f"));
                });
        assertThat(request("'tool_choice':{'type':'function','function':{'name':'f'}}")
                        .tools()
                        .choice())
                .isEqualTo(new ToolChoice.Named("f"));
        assertThat(request("'tools':[{'type':'custom','custom':{'name':'c'}}]")
                        .tools()
                        .tools()
                        .getFirst())
                .isInstanceOfSatisfying(
                        Tool.BuiltIn.class, own -> assertThat(own.name()).isEqualTo("c"));
        assertThat(ChatRequestReader.usesFunctions(Wire.json("{'functions':[]}")))
                .isTrue();
        assertThat(ChatRequestReader.usesFunctions(Wire.json("{'tools':[]}"))).isFalse();
    }

    @Test
    void theFormatOfTheAnswerIsRead() throws BadRequest {
        assertThat(request("'response_format':{'type':'text'}").output()).isEqualTo(OutputFormat.ANY);
        assertThat(request("'response_format':{'type':'json_object'}").output()).isEqualTo(new OutputFormat.Json());
        assertThat(request("'response_format':{'type':'json_schema','json_schema':{'name':'n','description':'d',"
                                + "'schema':{},'strict':false}}")
                        .output())
                .isEqualTo(new OutputFormat.Schema("n", "d", Wire.json("{}"), false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'n':2",
                "'logprobs':true",
                "'top_logprobs':3",
                "'logit_bias':{'5':1}",
                "'audio':{'voice':'x'}",
                "'modalities':['text','audio']",
                "'web_search_options':{}",
                "'guided_json':{}",
                "'grammar':'x'",
                "'response_format':{'type':'structural_tag'}",
                "'tool_choice':{'type':'allowed_tools'}",
                "'seed':5",
                "'frequency_penalty':0.1",
                "'presence_penalty':-0.1",
                "'min_p':0.1",
                "'repetition_penalty':1.1",
                "'response_format':{'type':'json_object'}"
            })
    void whatAnotherFormatCantDoIsRefusedByName(String field) throws BadRequest {
        Conversation conversation = request(field);
        BadRequest refused = catchThrowableOfType(
                BadRequest.class, () -> new MessagesRequestWriter().write(conversation, "m", Abilities.NONE));

        String name = field.substring(1, field.indexOf('\'', 1));
        assertThat(refused.field()).isEqualTo(name);
        assertThat(refused.getMessage()).startsWith(name);
        assertThat(refused.kind()).isEqualTo(BadRequest.Kind.UNTRANSLATABLE);
        Abilities all = new Abilities(java.util.Set.of("min_p", "repetition_penalty"));
        assertThat(new ChatRequestWriter().write(conversation, "m", all).has(name))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'n':1",
                "'logprobs':false",
                "'top_logprobs':0",
                "'logit_bias':{}",
                "'logit_bias':null",
                "'modalities':['text']",
                "'audio':null",
                "'store':true",
                "'metadata':{'a':'b'}",
                "'frequency_penalty':0",
                "'presence_penalty':0.0",
                "'repetition_penalty':1.0",
                "'stream_options':{'include_usage':true}",
                "'service_tier':'auto'",
                "'verbosity':'low'",
                "'prediction':{}",
                "'novelty':7"
            })
    void whatIsHarmlessToLoseIsNotRefused(String field) throws BadRequest {
        assertThat(new MessagesRequestWriter().write(request(field), "m", Abilities.NONE))
                .hasToString("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                        + "\"max_tokens\":8192,\"stream\":false}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'model':7 | model",
                "'model':'' | model",
                "'messages':{} | messages",
                "'messages':[] | messages",
                "'messages':[7] | messages[0]",
                "'messages':[{}] | messages[0].role",
                "'messages':[{'role':'x','content':'x'}] | messages[0].role",
                "'messages':[{'role':'user'}] | messages[0].content",
                "'messages':[{'role':'user','content':7}] | messages[0].content",
                "'messages':[{'role':'user','content':[7]}] | messages[0].content[0]",
                "'messages':[{'role':'user','content':[{'type':'text'}]}] | messages[0].content[0].text",
                "'messages':[{'role':'user','content':[{'type':'image_url'}]}] | messages[0].content[0].image_url",
                "'messages':[{'role':'user','content':[{'type':'image_url','image_url':{}}]}]"
                        + " | messages[0].content[0].image_url.url",
                "'messages':[{'role':'user','content':[{'type':'file','file':{}}]}]"
                        + " | messages[0].content[0].file.file_data",
                "'messages':[{'role':'tool','content':'x'}] | messages[0].tool_call_id",
                "'messages':[{'role':'assistant','tool_calls':7}] | messages[0].tool_calls",
                "'messages':[{'role':'assistant','tool_calls':[{}]}] | messages[0].tool_calls[0].function",
                "'messages':[{'role':'assistant','tool_calls':[{'function':{}}]}]"
                        + " | messages[0].tool_calls[0].function.name",
                "'messages':[{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':7}}]}]"
                        + " | messages[0].tool_calls[0].function.arguments",
                "'temperature':'x' | temperature",
                "'max_tokens':1.5 | max_tokens",
                "'seed':'x' | seed",
                "'stop':7 | stop",
                "'stop':[7] | stop[0]",
                "'stream':1 | stream",
                "'user':7 | user",
                "'tools':7 | tools",
                "'tools':[{'type':'function'}] | tools[0].function",
                "'tools':[{'type':'function','function':{'name':''}}] | tools[0].function.name",
                "'tools':[{'type':'function','function':{'name':'f','parameters':7}}] | tools[0].function.parameters",
                "'functions':[{}] | functions[0].name",
                "'tool_choice':'x' | tool_choice",
                "'tool_choice':7 | tool_choice",
                "'tool_choice':{'type':'function'} | tool_choice.function.name",
                "'response_format':7 | response_format",
                "'response_format':{'type':'json_schema'} | response_format.json_schema",
                "'response_format':{'type':'json_schema','json_schema':{}} | response_format.json_schema.schema",
                "'reasoning_effort':7 | reasoning_effort"
            })
    void whatIsWrongIsNamedByItsPath(String fields, String path) {
        BadRequest refused = refusal(fields);

        assertThat(refused.field()).isEqualTo(path);
        assertThat(refused.getMessage()).startsWith(path);
    }
}
