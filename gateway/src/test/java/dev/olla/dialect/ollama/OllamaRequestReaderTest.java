package dev.olla.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Completion;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Json;
import dev.olla.dialect.Media;
import dev.olla.dialect.Message;
import dev.olla.dialect.OutputFormat;
import dev.olla.dialect.Part;
import dev.olla.dialect.Reasoning;
import dev.olla.dialect.Sampling;
import dev.olla.dialect.Wire;
import dev.olla.dialect.openai.ChatRequestWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OllamaRequestReaderTest {

    private static final String HELLO = "'messages':[{'role':'user','content':'x'}]";

    private static final String EVERYTHING = """
            {'model':'m','keep_alive':'10m','stream':false,'think':'high','format':{'type':'object'},'new':{'z':1e400},
             'options':{'num_predict':50,'temperature':0.10,'top_p':1,'top_k':5,'min_p':0.1,'frequency_penalty':0.5,
              'presence_penalty':0.5,'repeat_penalty':1.1,'seed':7,'stop':['a','b'],'num_ctx':4096,'mirostat':1},
             'tools':[{'type':'function','function':{'name':'f','description':'d','parameters':{'z':1,'a':2}},'x':1}],
             'messages':[
              {'role':'system','content':'s'},
              {'role':'user','content':'<a> & b','images':['iVBORw0KGgoAAAA=','/9j/AAAA','AAAA'],'y':2},
              {'role':'assistant','content':'c','thinking':'t','tool_calls':[
                {'function':{'name':'f','arguments':{'z':[1.50],'a':null}}},
                {'id':'own','function':{'index':1,'name':'g','arguments':{}}}]},
              {'role':'tool','tool_name':'g','content':'1'},
              {'role':'tool','tool_name':'f','content':'2','images':['AAAA']},
              {'role':'user','content':''}]}""";

    private static OllamaRequest read(OllamaForm form, String body) throws BadRequest {
        return new OllamaRequestReader(form).read(Wire.json(body));
    }

    private static Conversation chat(String body) throws BadRequest {
        return ((OllamaRequest.Conversing) read(OllamaForm.CHAT, body)).conversation();
    }

    private static Conversation generate(String body) throws BadRequest {
        return ((OllamaRequest.Conversing) read(OllamaForm.GENERATE, body)).conversation();
    }

    @Test
    void everythingComesBackAsItWent() throws BadRequest {
        Conversation conversation = chat(EVERYTHING);
        String written = Json.text(new OllamaRequestWriter().write(conversation, "m", Abilities.NONE));

        assertThat(((OllamaRequest.Conversing) new OllamaRequestReader(OllamaForm.CHAT).read(Wire.tree(written)))
                        .conversation())
                .isEqualTo(conversation);
        assertThat(written).contains("\"num_ctx\":4096", "\"keep_alive\":\"10m\"", "<a> & b", "{\"z\":1,\"a\":2}");
    }

    @Test
    void optionsAreHowTheAnswerIsDrawn() throws BadRequest {
        assertThat(chat(EVERYTHING).sampling())
                .isEqualTo(new Sampling(
                        50L,
                        new BigDecimal("0.10"),
                        BigDecimal.ONE,
                        5L,
                        new BigDecimal("0.1"),
                        new BigDecimal("0.5"),
                        new BigDecimal("0.5"),
                        new BigDecimal("1.1"),
                        7L,
                        List.of("a", "b")));
    }

    @Test
    void wholeNumbersMayBeWrittenWithAFraction() throws BadRequest {
        Sampling sampling = chat("{'model':'m','options':{'num_predict':128.0,'top_k':4e1,'stop':'x'}," + HELLO + "}")
                .sampling();

        assertThat(sampling.maxTokens()).isEqualTo(128);
        assertThat(sampling.topK()).isEqualTo(40);
        assertThat(sampling.stop()).containsExactly("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-2", "0"})
    void anAnswerWithoutLimitHasNone(String most) throws BadRequest {
        Conversation conversation = chat("{'model':'m','options':{'num_predict':" + most + "}," + HELLO + "}");

        assertThat(conversation.sampling().maxTokens()).isNull();
        assertThat(Json.text(new OllamaRequestWriter().write(conversation, "m", Abilities.NONE)))
                .contains("\"num_predict\":" + most);
    }

    @Test
    void unlessToldOtherwiseTheAnswerIsStreamed() throws BadRequest {
        assertThat(chat("{'model':'m'," + HELLO + "}").stream()).isTrue();
        assertThat(chat("{'model':'m','stream':false," + HELLO + "}").stream()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true,true,", "false,false,", "'\"low\"',true,low", "null,,"})
    void thinkingIsOnOffOrALevel(String think, Boolean enabled, String effort) throws BadRequest {
        assertThat(chat("{'model':'m','think':" + think + "," + HELLO + "}").reasoning())
                .isEqualTo(new Reasoning(enabled, effort, null, null));
    }

    @Test
    void aFormatIsAWordOrASchema() throws BadRequest {
        assertThat(chat("{'model':'m','format':''," + HELLO + "}").output()).isEqualTo(OutputFormat.ANY);
        assertThat(chat("{'model':'m','format':'json'," + HELLO + "}").output()).isEqualTo(new OutputFormat.Json());
        assertThat(chat("{'model':'m','format':{'a':1}," + HELLO + "}").output())
                .isEqualTo(new OutputFormat.Schema(null, null, Wire.json("{'a':1}"), null));
    }

    @Test
    void callsGetIdsAndResultsFindTheirCalls() throws BadRequest {
        List<Part> parts = chat("""
                {'model':'m','messages':[
                  {'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':{}}},
                    {'function':{'name':'g','arguments':{}}},{'function':{'name':'f','arguments':{'n':2}}}]},
                  {'role':'tool','tool_name':'g','content':'1'},
                  {'role':'tool','name':'f','content':'2'},
                  {'role':'tool','content':'3'},
                  {'role':'tool','tool_name':'h','content':'4'}]}""").messages().stream()
                .flatMap(message -> message.parts().stream())
                .toList();

        assertThat(parts.stream().filter(Part.ToolCall.class::isInstance).map(part -> ((Part.ToolCall) part).id()))
                .containsExactly("call_0", "call_1", "call_2");
        assertThat(parts.stream()
                        .filter(Part.ToolResult.class::isInstance)
                        .map(part -> ((Part.ToolResult) part).callId() + ((Part.ToolResult) part).name()))
                .containsExactly("call_1g", "call_0f", "call_2f", "call_3h");
    }

    @Test
    void anImageIsKnownByItsFirstBytes() throws BadRequest {
        List<Part> parts = chat("{'model':'m','messages':[{'role':'user','content':'x','images':["
                        + "'iVBORw0KGgoA','/9j/AA==','R0lGODlh','UklGRgAA','Qk0A','data:image/bmp;base64,Qk0A']}]}")
                .messages()
                .getFirst()
                .parts();

        assertThat(parts.stream().limit(6).map(part -> ((Media.Inline) ((Part.Image) part).media()).type()))
                .containsExactly("image/png", "image/jpeg", "image/gif", "image/webp", null, "image/bmp");
        assertThat(parts.getLast()).isInstanceOf(Part.Text.class);
    }

    @Test
    void aPromptIsAConversationOfOneQuestion() throws BadRequest {
        Conversation conversation = generate(
                "{'model':'m','prompt':'p','system':'s','images':['/9j/AA=='],'raw':false,'suffix':'','template':''}");

        assertThat(conversation.messages()).hasSize(2);
        assertThat(conversation.messages().getFirst().role()).isEqualTo(Message.Role.SYSTEM);
        assertThat(Json.text(new ChatRequestWriter().write(conversation, "m", Abilities.NONE)))
                .contains("{\"role\":\"system\",\"content\":\"s\"}", "data:image/jpeg;base64,/9j/AA==", "\"p\"");
    }

    @Test
    void whatIsRawOrHasAGapIsNoConversation() throws BadRequest {
        Completion gap = ((OllamaRequest.Completing)
                        read(OllamaForm.GENERATE, "{'model':'m','prompt':'p','suffix':'s','options':{'seed':1}}"))
                .completion();
        Completion raw = ((OllamaRequest.Completing)
                        read(OllamaForm.GENERATE, "{'model':'m','prompt':'p','raw':true,'stream':false}"))
                .completion();

        assertThat(gap.suffix()).isEqualTo("s");
        assertThat(gap.sampling().seed()).isEqualTo(1);
        assertThat(gap.stream()).isTrue();
        assertThat(raw.raw()).isTrue();
        assertThat(raw.suffix()).isNull();
        assertThat(raw.stream()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.0", "\"0\"", "\"0s\"", "\"0h0m\"", "\"-0ms\""})
    void nothingSaidAndNothingKeptUnloads(String keepAlive) throws BadRequest {
        String body = "{'model':'m','keep_alive':" + keepAlive + "}";
        assertThat(read(OllamaForm.CHAT, body)).isEqualTo(new OllamaRequest.Unloading("m"));
        assertThat(read(OllamaForm.GENERATE, body)).isEqualTo(new OllamaRequest.Unloading("m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "-1", "\"5m\"", "\"10s\"", "null", "\"\"", "\"s\""})
    void nothingSaidLoads(String keepAlive) throws BadRequest {
        String rest = "'keep_alive':" + keepAlive + "}";
        assertThat(read(OllamaForm.CHAT, "{'model':'m','messages':[]," + rest))
                .isEqualTo(new OllamaRequest.Loading("m"));
        assertThat(read(OllamaForm.GENERATE, "{'model':'m','prompt':''," + rest))
                .isEqualTo(new OllamaRequest.Loading("m"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}|model",
                "{'model':''}|model",
                "{'model':1}|model",
                "{'model':'m','messages':{}}|messages",
                "{'model':'m','messages':['x']}|messages[0]",
                "{'model':'m','messages':[{}]}|messages[0].role",
                "{'model':'m','messages':[{'role':'oracle'}]}|messages[0].role",
                "{'model':'m','messages':[{'role':'user','content':[]}]}|messages[0].content",
                "{'model':'m','messages':[{'role':'user','images':'x'}]}|messages[0].images",
                "{'model':'m','messages':[{'role':'user','images':[1]}]}|messages[0].images[0]",
                "{'model':'m','messages':[{'role':'assistant','tool_calls':[{}]}]}|messages[0].tool_calls[0].function",
                "{'model':'m','messages':[{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':[]}}]}]}"
                        + "|messages[0].tool_calls[0].function.arguments",
                "{'model':'m','messages':[{'role':'user'}],'options':[]}|options",
                "{'model':'m','messages':[{'role':'user'}],'options':{'seed':1.5}}|options.seed",
                "{'model':'m','messages':[{'role':'user'}],'options':{'top_k':1e99}}|options.top_k",
                "{'model':'m','messages':[{'role':'user'}],'options':{'stop':[1]}}|options.stop[0]",
                "{'model':'m','messages':[{'role':'user'}],'options':{'temperature':'hot'}}|options.temperature",
                "{'model':'m','messages':[{'role':'user'}],'format':'xml'}|format",
                "{'model':'m','messages':[{'role':'user'}],'think':1}|think",
                "{'model':'m','messages':[{'role':'user'}],'stream':1}|stream",
                "{'model':'m','messages':[{'role':'user'}],'tools':[{}]}|tools[0].function",
                "{'model':'m','messages':[{'role':'user'}],'tools':[{'function':{'name':''}}]}|tools[0].function.name",
                "{'model':'m','messages':[],'keep_alive':true}|keep_alive",
            })
    void whatIsWrongIsNamed(String body, String field) {
        BadRequest refused = catchThrowableOfType(BadRequest.class, () -> read(OllamaForm.CHAT, body));

        assertThat(refused.field()).isEqualTo(field);
        assertThat(refused.getMessage()).contains(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'model':'m','prompt':'p','raw':true,'system':'s'}|raw",
                "{'model':'m','prompt':'p','raw':true,'context':[1]}|raw",
                "{'model':'m','prompt':'p','raw':true,'images':['AA==']}|images",
                "{'model':'m','prompt':'p','suffix':'x','system':'s'}|system",
                "{'model':'m','prompt':1}|prompt",
            })
    void promptsThatCantBeAreNamed(String body, String field) {
        BadRequest refused = catchThrowableOfType(BadRequest.class, () -> read(OllamaForm.GENERATE, body));

        assertThat(refused.field()).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'template':'t'|template",
                "'context':[1,2]|context",
                "'logprobs':true|logprobs",
                "'top_logprobs':3|top_logprobs"
            })
    void whatOnlyOllamaCanDoIsRefusedByOthers(String field, String name) throws BadRequest {
        Conversation conversation = generate("{'model':'m','prompt':'p'," + field + "}");

        BadRequest refused = catchThrowableOfType(
                BadRequest.class, () -> new ChatRequestWriter().write(conversation, "m", Abilities.NONE));
        assertThat(refused.field()).isEqualTo(name);
        assertThat(refused.kind()).isEqualTo(BadRequest.Kind.UNTRANSLATABLE);
    }

    @Test
    void whatIsHarmlessIsLeftOut() throws BadRequest {
        Conversation conversation =
                chat("{'model':'m','keep_alive':'5m','options':{'num_ctx':9},'logprobs':false," + HELLO + "}");

        assertThat(Json.text(new ChatRequestWriter().write(conversation, "m", new Abilities(Set.of()))))
                .isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":true,"
                        + "\"stream_options\":{\"include_usage\":true}}");
    }
}
