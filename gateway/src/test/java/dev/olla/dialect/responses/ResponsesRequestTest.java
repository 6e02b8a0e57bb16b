package dev.olla.dialect.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Json;
import dev.olla.dialect.OutputFormat;
import dev.olla.dialect.Part;
import dev.olla.dialect.Reasoning;
import dev.olla.dialect.Tool;
import dev.olla.dialect.ToolChoice;
import dev.olla.dialect.Wire;
import dev.olla.dialect.ollama.OllamaRequestWriter;
import dev.olla.dialect.openai.ChatRequestWriter;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class ResponsesRequestTest {

    private static final String EVERYTHING = """
            {'model':'m','stream':true,'max_output_tokens':50,'temperature':0.10,'top_p':1,'top_k':5,'min_p':0.1,
             'frequency_penalty':0.5,'presence_penalty':0.5,'repetition_penalty':1.1,'user':'u','store':true,
             'metadata':{'k':'v'},'truncation':'auto','include':['reasoning.encrypted_content'],'new':{'z':1e400,'a':0.1},
             'previous_response_id':'resp_1','background':true,'top_logprobs':3,'instructions':'s',
             'reasoning':{'effort':'xhigh','summary':'detailed'},'text':{'verbosity':'low','format':{'type':'json_schema',
              'name':'n','description':'d','schema':{'z':1,'a':2},'strict':false}},
             'tools':[{'type':'function','name':'f','description':'d','parameters':{'z':9223372036854775808,'a':1},
               'strict':true,'x':1},{'type':'function','name':'g'},{'type':'web_search','filters':{}},
               {'type':'custom','name':'c'},{'type':'mcp','server_label':'l'}],
             'tool_choice':{'type':'function','name':'f'},'parallel_tool_calls':false,
             'input':[
              {'role':'system','content':'t'},
              {'type':'message','role':'developer','content':[{'type':'input_text','text':'u'}]},
              {'role':'user','content':'<a> & b'},
              {'role':'user','content':[{'type':'input_text','text':'q','x':1},
                {'type':'input_image','image_url':'data:image/png;base64,AA==','detail':'low'},
                {'type':'input_image','image_url':'http://x'},{'type':'input_image','file_id':'f'},
                {'type':'input_file','filename':'a.pdf','file_data':'data:application/pdf;base64,AA=='},
                {'type':'input_file','file_url':'http://x'},{'type':'input_file','file_id':'f'},
                {'type':'input_audio','input_audio':{}}]},
              {'type':'reasoning','id':'rs_1','summary':[{'type':'summary_text','text':'h'}],'encrypted_content':'e'},
              {'type':'reasoning','id':'rs_2','summary':[],'content':[{'type':'reasoning_text','text':'i'}]},
              {'type':'reasoning','id':'rs_3','summary':[],'encrypted_content':'e'},
              {'type':'message','id':'msg_1','status':'completed','role':'assistant','content':[
                {'type':'output_text','text':'x','annotations':[{'type':'url_citation'}]},{'type':'refusal','refusal':'no'}]},
              {'type':'function_call','id':'fc_1','call_id':'call_1','name':'f','arguments':'no json','status':'completed'},
              {'type':'web_search_call','id':'ws_1','status':'completed'},
              {'type':'custom_tool_call','call_id':'call_2','name':'c','input':'i'},
              {'type':'function_call_output','call_id':'call_1','output':'r'},
              {'type':'function_call_output','call_id':'call_1','output':[{'type':'input_text','text':'r'},
                {'type':'input_image','image_url':'data:image/png;base64,AA=='}]},
              {'type':'custom_tool_call_output','call_id':'call_2','output':'o'},
              {'role':'assistant','content':'y'}]}""";

    private static Conversation read(String body) throws BadRequest {
        return new ResponsesRequestReader().read(Wire.json(body));
    }

    private static Conversation asked(String field) throws BadRequest {
        return read("{'model':'m','input':'x'," + field + "}");
    }

    @Test
    void everythingComesBackAsItWent() throws BadRequest {
        Conversation conversation = read(EVERYTHING);
        Abilities abilities =
                new Abilities(Set.of("top_k", "min_p", "frequency_penalty", "presence_penalty", "repetition_penalty"));
        ObjectNode written = new ResponsesRequestWriter().write(conversation, "m", abilities);

        assertThat(new ResponsesRequestReader().read(written)).isEqualTo(conversation);
        JsonNode sent = Wire.json(EVERYTHING);
        JsonNode received = Wire.tree(Json.text(written));
        sent.properties().forEach(field -> {
            if (!field.getKey().equals("input")) {
                assertThat(received.path(field.getKey())).as(field.getKey()).isEqualTo(field.getValue());
            }
        });
        assertThat(received.path("input").size()).isEqualTo(sent.path("input").size());
        assertThat(Json.text(written)).contains("<a> & b", "\"z\":9223372036854775808,\"a\":1");
    }

    @Test
    void aTextIsAQuestion() throws BadRequest {
        assertThat(Json.text(new ChatRequestWriter().write(asked("'instructions':'s'"), "n", Abilities.NONE)))
                .isEqualTo("{\"model\":\"n\",\"messages\":[{\"role\":\"system\",\"content\":\"s\"},"
                        + "{\"role\":\"user\",\"content\":\"x\"}],\"stream\":false}");
    }

    @Test
    void itemsOfOneTurnAreOneMessageOfAChat() throws BadRequest {
        Conversation conversation = read("""
                {'model':'m','input':[{'role':'user','content':'q'},
                  {'type':'reasoning','id':'r','summary':[{'type':'summary_text','text':'h'}]},
                  {'role':'assistant','content':'a'},
                  {'type':'function_call','call_id':'1','name':'f','arguments':'{}'},
                  {'type':'function_call','call_id':'2','name':'g','arguments':''},
                  {'type':'function_call_output','call_id':'1','output':'r'},
                  {'type':'function_call_output','call_id':'2','output':[{'type':'input_text','text':'s'},
                    {'type':'input_image','image_url':'data:image/png;base64,AA=='}]}]}""");

        assertThat(Json.text(new ChatRequestWriter()
                                .write(conversation, "n", new Abilities(Set.of("reasoning_content")))
                                .path("messages"))
                        .replace('"', '\''))
                .isEqualTo("[{'role':'user','content':'q'},{'role':'assistant','content':'a','reasoning_content':'h',"
                        + "'tool_calls':[{'id':'1','type':'function','function':{'name':'f','arguments':'{}'}},"
                        + "{'id':'2','type':'function','function':{'name':'g','arguments':'{}'}}]},"
                        + "{'role':'tool','tool_call_id':'1','content':'r'},"
                        + "{'role':'tool','tool_call_id':'2','content':'s'},{'role':'user','content':["
                        + "{'type':'image_url','image_url':{'url':'data:image/png;base64,AA=='}}]}]");
    }

    @ParameterizedTest
    @CsvSource(
            value = {"low,true,low", "minimal,true,minimal", "none,false,NULL"},
            nullValues = "NULL")
    void anEffortIsHowLongTheModelThinks(String word, boolean enabled, String effort) throws BadRequest {
        assertThat(asked("'reasoning':{'effort':'" + word + "'}").reasoning())
                .isEqualTo(new Reasoning(enabled, effort, null, null));
    }

    @Test
    void theTextMayHaveAShape() throws BadRequest {
        assertThat(asked("'text':{'format':{'type':'text'}}").output()).isEqualTo(OutputFormat.ANY);
        assertThat(asked("'text':{'format':{'type':'json_object'}}").output()).isEqualTo(new OutputFormat.Json());
        assertThat(asked("'text':{'format':{'type':'json_schema','name':'n','schema':{}}}")
                        .output())
                .isEqualTo(new OutputFormat.Schema("n", null, Json.object(), null));
    }

    @Test
    void onlyTheToolsThatAreAllowedAreShown() throws BadRequest {
        Conversation conversation = asked("'tools':[{'type':'function','name':'f'},{'type':'function','name':'g'}],"
                + "'tool_choice':{'type':'allowed_tools','mode':'required','tools':[{'type':'function','name':'g'}]}");

        assertThat(conversation.tools().tools()).extracting(Tool::name).containsExactly("g");
        assertThat(conversation.tools().choice()).isEqualTo(new ToolChoice.Any());
    }

    @Test
    void whatIsOnlyEncryptedIsLeftOutForOthers() throws BadRequest {
        Conversation conversation = read("{'model':'m','input':[{'role':'user','content':'q'},"
                + "{'type':'reasoning','id':'r','summary':[],'encrypted_content':'e'}]}");

        assertThat(conversation.messages().getLast().parts().getFirst()).isInstanceOf(Part.RedactedThinking.class);
        assertThat(Json.text(new ChatRequestWriter().write(conversation, "n", Abilities.NONE)))
                .doesNotContain("\"e\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}|model",
                "{'model':''}|model",
                "{'model':'m'}|input",
                "{'model':'m','input':[]}|input",
                "{'model':'m','input':{}}|input",
                "{'model':'m','input':['x']}|input[0]",
                "{'model':'m','input':[{'role':'user'}]}|input[0].content",
                "{'model':'m','input':[{'role':'oracle','content':'x'}]}|input[0].role",
                "{'model':'m','input':[{'role':'user','content':1}]}|input[0].content",
                "{'model':'m','input':[{'role':'user','content':[{}]}]}|input[0].content[0].type",
                "{'model':'m','input':[{'role':'user','content':[{'type':'input_text'}]}]}|input[0].content[0].text",
                "{'model':'m','input':[{'role':'user','content':[{'type':'input_image'}]}]}|input[0].content[0].image_url",
                "{'model':'m','input':[{'role':'user','content':[{'type':'input_file'}]}]}|input[0].content[0].file_data",
                "{'model':'m','input':[{'type':'function_call','name':'f'}]}|input[0].call_id",
                "{'model':'m','input':[{'type':'function_call','call_id':'1'}]}|input[0].name",
                "{'model':'m','input':[{'type':'function_call','call_id':'1','name':'f','arguments':{}}]}|input[0].arguments",
                "{'model':'m','input':[{'type':'function_call_output','output':'x'}]}|input[0].call_id",
                "{'model':'m','input':[{'type':'function_call_output','call_id':'1','output':1}]}|input[0].output",
                "{'model':'m','input':[{'type':'reasoning','summary':'x'}]}|input[0].summary",
                "{'model':'m','input':[{'type':'item_reference','id':'msg_1'}]}|input[0]",
                "{'model':'m','input':[{'id':'msg_1'}]}|input[0]",
                "{'model':'m','input':'x','instructions':[]}|instructions",
                "{'model':'m','input':'x','max_output_tokens':'1'}|max_output_tokens",
                "{'model':'m','input':'x','temperature':'1'}|temperature",
                "{'model':'m','input':'x','reasoning':'low'}|reasoning",
                "{'model':'m','input':'x','text':{'format':{'type':'xml'}}}|text.format.type",
                "{'model':'m','input':'x','text':{'format':{'type':'json_schema','name':'n'}}}|text.format.schema",
                "{'model':'m','input':'x','tools':[{}]}|tools[0].type",
                "{'model':'m','input':'x','tools':[{'type':'function'}]}|tools[0].name",
                "{'model':'m','input':'x','tool_choice':'always'}|tool_choice",
                "{'model':'m','input':'x','tool_choice':{'type':'function'}}|tool_choice.name",
                "{'model':'m','input':'x','tool_choice':{'type':'allowed_tools','mode':'no','tools':[]}}|tool_choice.mode",
                "{'model':'m','input':'x','stream':'yes'}|stream",
            })
    void whatIsWrongIsNamed(String body, String field) {
        BadRequest refused = catchThrowableOfType(BadRequest.class, () -> read(body));

        assertThat(refused.field()).isEqualTo(field);
        assertThat(refused.getMessage()).contains(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'previous_response_id':'resp_1'|previous_response_id",
                "'conversation':'conv_1'|conversation",
                "'prompt':{'id':'p'}|prompt",
                "'background':true|background",
                "'top_logprobs':2|top_logprobs",
                "'include':['message.output_text.logprobs']|include",
                "'tools':[{'type':'web_search'}]|tools[0]",
                "'tools':[{'type':'function','name':'f'},{'type':'mcp','server_label':'l'}]|tools[1]",
                "'tools':[{'type':'web_search'}],'tool_choice':{'type':'web_search'}|tool_choice",
            })
    void whatOnlyTheServiceCanDoIsRefusedByOthers(String field, String name) throws BadRequest {
        Conversation conversation = asked(field);

        for (var writer : new dev.olla.dialect.RequestWriter[] {
            new ChatRequestWriter(), new OllamaRequestWriter(), new dev.olla.dialect.anthropic.MessagesRequestWriter()
        }) {
            BadRequest refused =
                    catchThrowableOfType(BadRequest.class, () -> writer.write(conversation, "n", Abilities.NONE));
            assertThat(refused.field()).isEqualTo(name);
            assertThat(refused.kind()).isEqualTo(BadRequest.Kind.UNTRANSLATABLE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'background':false",
                "'top_logprobs':0",
                "'previous_response_id':null",
                "'include':['reasoning.encrypted_content']",
                "'store':false,'metadata':{'a':'b'},'truncation':'auto','service_tier':'flex','safety_identifier':'u'",
                "'prompt_cache_key':'k','stream_options':{'include_obfuscation':false},'text':{'verbosity':'low'}",
            })
    void whatIsHarmlessIsLeftOut(String field) throws BadRequest {
        assertThat(Json.text(new ChatRequestWriter().write(asked(field), "n", Abilities.NONE)))
                .isEqualTo("{\"model\":\"n\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":false}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'computer_call','call_id':'1'}|input[1].content[0]",
                "{'role':'user','content':[{'type':'input_text','text':'y'},{'type':'input_audio'}]}|input[1].content[1]",
                "{'role':'user','content':[{'type':'input_file','file_id':'f'}]}|input[1].content[0]",
                "{'role':'user','content':[{'type':'input_file','file_url':'http://x'}]}|input[1].content[0]",
            })
    void itemsThatNobodyElseKnowsAreRefusedByTheirPlace(String item, String place) throws BadRequest {
        Conversation conversation =
                read("{'model':'m','instructions':'s','input':[{'role':'user','content':'x'}," + item + "]}");

        for (var writer : new dev.olla.dialect.RequestWriter[] {new ChatRequestWriter(), new OllamaRequestWriter()}) {
            BadRequest refused =
                    catchThrowableOfType(BadRequest.class, () -> writer.write(conversation, "n", Abilities.NONE));
            assertThat(refused.field()).startsWith(place.substring(0, 8));
        }
        assertThat(catchThrowableOfType(
                                BadRequest.class,
                                () -> new ChatRequestWriter().write(conversation, "n", Abilities.NONE))
                        .field())
                .isEqualTo(place);
    }

    @Test
    void aChatIsAskedOfAServerOfResponses() throws BadRequest {
        Conversation conversation = Wire.openAi("""
                {'model':'m','max_tokens':9,'reasoning_effort':'low','stream':true,'user':'u',
                 'response_format':{'type':'json_schema','json_schema':{'schema':{},'name':'n'}},
                 'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':'required',
                 'messages':[{'role':'system','content':'s'},{'role':'user','content':'q'},
                  {'role':'assistant','content':'a','reasoning_content':'h','tool_calls':[
                    {'id':'1','type':'function','function':{'name':'f','arguments':'no json'}}]},
                  {'role':'tool','tool_call_id':'1','content':'r'},
                  {'role':'developer','content':'t'}]}""");

        assertThat(Json.text(new ResponsesRequestWriter().write(conversation, "n", Abilities.NONE))
                        .replace('"', '\''))
                .isEqualTo("{'model':'n','instructions':'s','input':["
                        + "{'type':'message','role':'user','content':'q'},"
                        + "{'type':'reasoning','id':'rs_0','summary':[{'type':'summary_text','text':'h'}]},"
                        + "{'type':'message','role':'assistant','content':'a'},"
                        + "{'type':'function_call','call_id':'1','name':'f','arguments':'no json'},"
                        + "{'type':'function_call_output','call_id':'1','output':'r'},"
                        + "{'type':'message','role':'system','content':'t'}],'max_output_tokens':9,"
                        + "'tools':[{'type':'function','name':'f','parameters':{'type':'object'},'strict':false}],"
                        + "'tool_choice':'required','text':{'format':{'type':'json_schema','name':'n','schema':{}}},"
                        + "'reasoning':{'effort':'low','summary':'auto'},'user':'u','store':false,'stream':true}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'stop':'x'|stop",
                "'seed':1|seed",
                "'n':2|n",
                "'frequency_penalty':1|frequency_penalty",
                "'min_p':0.1|min_p"
            })
    void whatResponsesCantSayIsRefused(String field, String name) throws BadRequest {
        Conversation conversation =
                Wire.openAi("{'model':'m'," + field + ",'messages':[{'role':'user','content':'x'}]}");

        assertThat(catchThrowableOfType(
                                BadRequest.class,
                                () -> new ResponsesRequestWriter().write(conversation, "n", Abilities.NONE))
                        .field())
                .isEqualTo(name);
    }

    @Test
    void callsWithoutIdsFindTheirResults() throws BadRequest {
        ObjectNode written = new ResponsesRequestWriter()
                .write(
                        Wire.openAi("{'model':'m','messages':[{'role':'assistant','content':null,"
                                + "'function_call':{'name':'f','arguments':'{}'}},"
                                + "{'role':'function','name':'f','content':'r'}]}"),
                        "m",
                        Abilities.NONE);

        assertThat(written.at("/input/0/call_id").asString())
                .isNotEmpty()
                .isEqualTo(written.at("/input/1/call_id").asString());
    }

    @Test
    void whetherAnAnswerIsKeptIsTheClientsChoice() {
        assertThat(ResponsesRequestReader.keeps(Wire.json("{}"))).isTrue();
        assertThat(ResponsesRequestReader.keeps(Wire.json("{'store':null}"))).isTrue();
        assertThat(ResponsesRequestReader.keeps(Wire.json("{'store':false}"))).isFalse();
    }
}
