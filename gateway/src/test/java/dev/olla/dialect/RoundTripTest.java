package dev.olla.dialect;

import static dev.olla.dialect.Wire.anthropic;
import static dev.olla.dialect.Wire.openAi;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.olla.dialect.anthropic.MessagesRequestReader;
import dev.olla.dialect.anthropic.MessagesRequestWriter;
import dev.olla.dialect.openai.ChatRequestReader;
import dev.olla.dialect.openai.ChatRequestWriter;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class RoundTripTest {

    private static final String MESSAGES = """
            {'model':'m','max_tokens':50,'temperature':0.10,'top_p':1,'top_k':5,'stop_sequences':['a','b'],
             'stream':true,'metadata':{'user_id':'u','more':[1]},'service_tier':'auto','new':{'z':1e400,'a':0.1},
             'system':[{'type':'text','text':'s','cache_control':{'type':'ephemeral'}},{'type':'text','text':'t'}],
             'thinking':{'type':'enabled','budget_tokens':40,'display':'omitted'},
             'output_config':{'effort':'max','task_budget':{'total':9},'format':{'type':'json_schema','schema':{}}},
             'tools':[{'name':'f','description':'d','input_schema':{'z':9223372036854775808,'a':1},'strict':true,
                       'defer_loading':true},
                      {'type':'bash_20250124','name':'bash'},
                      {'type':'web_search_20250305','name':'web_search','max_uses':3}],
             'tool_choice':{'type':'tool','name':'f','disable_parallel_tool_use':true},
             'messages':[
              {'role':'user','content':[
                {'type':'text','text':'<a> & b','citations':null},
                {'type':'image','source':{'type':'base64','media_type':'image/png','data':'AA=='}},
                {'type':'image','source':{'type':'url','url':'http://x'}},
                {'type':'image','source':{'type':'file','file_id':'f'}},
                {'type':'document','title':'t','context':'c','source':{'type':'base64',
                 'media_type':'application/pdf','data':'AA=='},'citations':{'enabled':true}},
                {'type':'document','source':{'type':'text','media_type':'text/plain','data':'d'}},
                {'type':'document','source':{'type':'content','content':[{'type':'text','text':'p'}]}},
                {'type':'search_result','title':'t','source':'s','content':[{'type':'text','text':'r'}]},
                {'type':'container_upload','file_id':'f'}]},
              {'role':'assistant','content':[
                {'type':'thinking','thinking':'h','signature':'sig'},
                {'type':'redacted_thinking','data':'zzz'},
                {'type':'text','text':'x'},
                {'type':'server_tool_use','id':'srv','name':'web_search','input':{'query':'q'}},
                {'type':'tool_use','id':'toolu_1','name':'f','input':{'z':[1.50],'a':null}}]},
              {'role':'user','content':[
                {'type':'tool_result','tool_use_id':'toolu_1','is_error':true,'content':[
                  {'type':'text','text':'r','cache_control':{'type':'ephemeral'}},
                  {'type':'image','source':{'type':'base64','media_type':'image/png','data':'BB=='}}]},
                {'type':'text','text':'go on'}]}]}""";

    private static final String CHAT = """
            {'model':'m','max_tokens':50,'temperature':0.10,'top_p':1,'top_k':5,'min_p':0.1,
             'frequency_penalty':0.5,'presence_penalty':0.5,'repetition_penalty':1.1,'seed':7,'stop':['a','b'],
             'stream':true,'stream_options':{'include_usage':true,'continuous':1},'user':'u','n':2,'logprobs':true,
             'logit_bias':{'5':-1},'service_tier':'auto','reasoning_effort':'xhigh','new':{'z':1e400,'a':0.1},
             'response_format':{'type':'json_schema','json_schema':{'name':'n','description':'d','schema':{},
              'strict':false}},
             'tools':[{'type':'function','function':{'name':'f','description':'d','strict':true,
                       'parameters':{'z':9223372036854775808,'a':1}},'cache':true},
                      {'type':'custom','custom':{'name':'c'}}],
             'tool_choice':{'type':'function','function':{'name':'f'}},'parallel_tool_calls':false,
             'messages':[
              {'role':'developer','content':'s'},
              {'role':'system','content':[{'type':'text','text':'t'},{'type':'text','text':'u'}]},
              {'role':'user','name':'n','content':'a'},
              {'role':'user','content':[
                {'type':'text','text':'<a> & b'},
                {'type':'image_url','image_url':{'url':'data:image/png;base64,AA==','detail':'low'}},
                {'type':'image_url','image_url':{'url':'http://x'}},
                {'type':'input_audio','input_audio':{'data':'AA==','format':'wav'}},
                {'type':'file','file':{'filename':'a.pdf','file_data':'data:application/pdf;base64,AA=='}},
                {'type':'file','file':{'file_id':'f'}}]},
              {'role':'assistant','content':'x','reasoning_content':'h','tool_calls':[
                {'id':'call.1','type':'function','function':{'name':'f','arguments':'no json'}},
                {'id':'b','type':'custom','custom':{'name':'c','input':'i'}}]},
              {'role':'tool','tool_call_id':'call.1','content':'r'},
              {'role':'tool','tool_call_id':'b','content':[{'type':'text','text':'r'},{'type':'text','text':'s'}]},
              {'role':'assistant','refusal':'no'},
              {'role':'assistant','content':null,'function_call':{'name':'o','arguments':'{}'}},
              {'role':'function','name':'o','content':'r'}]}""";

    @Test
    void everythingOfMessagesComesBackAsItWent() throws BadRequest {
        Conversation conversation = anthropic(MESSAGES);
        ObjectNode written = new MessagesRequestWriter().write(conversation, "m", Abilities.NONE);

        assertThat(new MessagesRequestReader().read(written)).isEqualTo(conversation);
        JsonNode received = Wire.tree(Json.text(written));
        JsonNode sent = Wire.json(MESSAGES);
        sent.properties()
                .forEach(field -> assertThat(received.path(field.getKey()))
                        .as(field.getKey())
                        .isEqualTo(field.getValue()));
    }

    @Test
    void everythingOfChatCompletionsComesBackAsItWent() throws BadRequest {
        Conversation conversation = openAi(CHAT);
        Abilities abilities = new Abilities(Set.of("top_k", "min_p", "repetition_penalty"));
        ObjectNode written = new ChatRequestWriter().write(conversation, "m", abilities);

        assertThat(new ChatRequestReader().read(written)).isEqualTo(conversation);
        assertThat(Json.text(written))
                .contains("\"z\":9223372036854775808,\"a\":1")
                .contains("<a> & b");
    }

    @Test
    void aChatIsAskedOfAServerOfMessages() throws BadRequest {
        Conversation conversation = openAi("""
                {'model':'m','max_completion_tokens':9000,'stop':'END','user':'u','parallel_tool_calls':false,
                 'reasoning_effort':'low','stream':true,
                 'tools':[{'type':'function','function':{'name':'f','parameters':{'z':1,'a':2}}},
                          {'type':'function','function':{'name':'g'}}],'tool_choice':'required',
                 'messages':[{'role':'system','content':'s'},
                  {'role':'user','content':'a'},
                  {'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,AA=='}}]},
                  {'role':'assistant','content':null,'tool_calls':[
                    {'id':'call.1','type':'function','function':{'name':'f','arguments':'{\\'x\\':1.0}'}},
                    {'id':'call.2','type':'function','function':{'name':'g','arguments':'no json'}}]},
                  {'role':'tool','tool_call_id':'call.1','content':'r'},
                  {'role':'tool','tool_call_id':'call.2','content':''},
                  {'role':'user','content':'b'},
                  {'role':'developer','content':'t'}]}""");

        assertThat(Json.text(new MessagesRequestWriter().write(conversation, "m", Abilities.NONE))
                        .replace('"', '\''))
                .isEqualTo("{'model':'m','system':[{'type':'text','text':'s'},{'type':'text','text':'t'}],'messages':["
                        + "{'role':'user','content':[{'type':'text','text':'a'},{'type':'image','source':"
                        + "{'type':'base64','media_type':'image/png','data':'AA=='}}]},"
                        + "{'role':'assistant','content':["
                        + "{'type':'tool_use','id':'call_1','name':'f','input':{'x':1.0}},"
                        + "{'type':'tool_use','id':'call_2','name':'g','input':{}}]},"
                        + "{'role':'user','content':["
                        + "{'type':'tool_result','tool_use_id':'call_1','content':'r'},"
                        + "{'type':'tool_result','tool_use_id':'call_2'},{'type':'text','text':'b'}]}],"
                        + "'max_tokens':9000,'stop_sequences':['END'],"
                        + "'thinking':{'type':'enabled','budget_tokens':2048},"
                        + "'tools':[{'name':'f','input_schema':{'z':1,'a':2}},"
                        + "{'name':'g','input_schema':{'type':'object'}}],"
                        + "'tool_choice':{'type':'any','disable_parallel_tool_use':true},"
                        + "'metadata':{'user_id':'u'},'stream':true}");
    }

    @Test
    void callsOfTheTimeBeforeIdsFindTheirResults() throws BadRequest {
        ObjectNode written = new MessagesRequestWriter()
                .write(
                        openAi("{'model':'m','messages':[{'role':'assistant','content':null,"
                                + "'function_call':{'name':'f','arguments':'{}'}},"
                                + "{'role':'function','name':'f','content':'r'}]}"),
                        "m",
                        Abilities.NONE);

        assertThat(written.at("/messages/0/content/0/id").asString())
                .isNotEmpty()
                .isEqualTo(written.at("/messages/1/content/0/tool_use_id").asString());
    }

    @Test
    void thinkingNeverTakesAllThatTheAnswerMayBe() throws BadRequest {
        String chat = "{'model':'m','reasoning_effort':'high','messages':[{'role':'user','content':'x'}]%s}";
        ObjectNode unlimited = write(chat.formatted(""));
        ObjectNode limited = write(chat.formatted(",'max_tokens':4096"));
        ObjectNode tight = write(chat.formatted(",'max_tokens':100"));

        assertThat(unlimited.at("/thinking/budget_tokens").intValue()).isEqualTo(16_384);
        assertThat(unlimited.path("max_tokens").intValue()).isEqualTo(16_384 + 8_192);
        assertThat(limited.at("/thinking/budget_tokens").intValue()).isEqualTo(2_048);
        assertThat(limited.path("max_tokens").intValue()).isEqualTo(4_096);
        assertThat(tight.has("thinking")).isFalse();
    }

    private static ObjectNode write(String chat) throws BadRequest {
        return new MessagesRequestWriter().write(openAi(chat), "m", Abilities.NONE);
    }

    @Test
    void partsOfOneFormatAreRefusedByTheOtherByTheirPlace() {
        String chat = "{'model':'m','messages':[{'role':'user','content':'x'},{'role':'user','content':["
                + "{'type':'text','text':'y'},%s]}]}";
        for (String part : new String[] {
            "{'type':'input_audio','input_audio':{}}",
            "{'type':'image_url','image_url':{'url':'data:text/plain,x'}}",
            "{'type':'image_url','image_url':{'url':'data:;base64,AA=='}}",
            "{'type':'file','file':{'file_id':'f'}}"
        }) {
            BadRequest refused = catchThrowableOfType(BadRequest.class, () -> write(chat.replace("%s", part)));
            assertThat(refused.field()).as(part).isEqualTo("messages[1].content[1]");
            assertThat(refused.kind()).isEqualTo(BadRequest.Kind.UNTRANSLATABLE);
        }
    }

    @Test
    void aHugeImageAndDeepSchemasGoThrough() throws BadRequest {
        String image = "A".repeat(12 << 20);
        String schema = "{'x':".repeat(480) + "1" + "}".repeat(480);
        Conversation conversation = anthropic("{'model':'m','max_tokens':1,'tools':[{'name':'f','input_schema':"
                + schema + "}],'messages':[{'role':'user','content':[{'type':'image','source':{'type':'base64',"
                + "'media_type':'image/png','data':'" + image + "'}}]}]}");

        byte[] written = Json.bytes(new ChatRequestWriter().write(conversation, "m", Abilities.NONE));

        assertThat(written).hasSizeGreaterThan(12 << 20);
        assertThat(Wire.tree(new String(written, java.nio.charset.StandardCharsets.UTF_8))
                        .at("/messages/0/content/0/image_url/url")
                        .asString())
                .isEqualTo("data:image/png;base64," + image);
    }

    @Test
    void aRequestThatNestsTooDeepIsRefused() {
        byte[] deep = Wire.utf8("[".repeat(100_000));

        BadRequest refused = catchThrowableOfType(BadRequest.class, () -> Json.tree(deep, 0, deep.length));
        assertThat(refused.kind()).isEqualTo(BadRequest.Kind.MALFORMED);
        assertThat(refused.getMessage()).startsWith("the body is not valid JSON");
    }

    @Test
    void aRequestThatIsNoUtf8IsRefused() {
        byte[] wrong = Wire.utf8("{\"model\":\"m?\"}");
        wrong[11] = (byte) 0xFF;

        assertThat(catchThrowableOfType(BadRequest.class, () -> Json.tree(wrong, 0, wrong.length)))
                .isNotNull();
    }
}
