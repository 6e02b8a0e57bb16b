package dev.olla.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Json;
import dev.olla.dialect.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

final class OllamaRequestWriterTest {

    private static ObjectNode write(Conversation conversation) throws BadRequest {
        return new OllamaRequestWriter().write(conversation, "local", Abilities.NONE);
    }

    private static String text(Conversation conversation) throws BadRequest {
        return Json.text(write(conversation)).replace('"', '\'');
    }

    @Test
    void aChatIsAskedOfOllama() throws BadRequest {
        assertThat(text(Wire.openAi("""
                {'model':'m','stream':true,'max_tokens':9,'stop':'END','seed':7,'user':'u','reasoning_effort':'none',
                 'response_format':{'type':'json_object'},'parallel_tool_calls':true,
                 'tools':[{'type':'function','function':{'name':'f','strict':true}}],'tool_choice':'auto',
                 'messages':[{'role':'developer','content':'s'},
                  {'role':'user','content':[{'type':'text','text':'a'},
                    {'type':'image_url','image_url':{'url':'data:image/png;base64,AA=='}},{'type':'text','text':'b'}]},
                  {'role':'assistant','content':null,'reasoning_content':'h','tool_calls':[
                    {'id':'1','type':'function','function':{'name':'f','arguments':'{\\'x\\':1.0}'}},
                    {'id':'2','type':'function','function':{'name':'f','arguments':'no json'}}]},
                  {'role':'tool','tool_call_id':'1','content':'r'},
                  {'role':'tool','tool_call_id':'2','content':[{'type':'text','text':'s'},{'type':'text','text':'t'}]}]}""")))
                .isEqualTo("{'model':'local','messages':[{'role':'system','content':'s'},"
                        + "{'role':'user','content':'a\\nb','images':['AA==']},"
                        + "{'role':'assistant','thinking':'h','content':'','tool_calls':["
                        + "{'id':'1','function':{'name':'f','arguments':{'x':1.0}}},"
                        + "{'id':'2','function':{'name':'f','arguments':{}}}]},"
                        + "{'role':'tool','content':'r','tool_name':'f','tool_call_id':'1'},"
                        + "{'role':'tool','content':'s\\nt','tool_name':'f','tool_call_id':'2'}],"
                        + "'tools':[{'type':'function','function':{'name':'f','description':'',"
                        + "'parameters':{'type':'object'}}}],'format':'json','think':false,'stream':true,"
                        + "'options':{'num_predict':9,'seed':7,'stop':['END']}}");
    }

    @Test
    void whatToolsShowComesAfterTheirRun() throws BadRequest {
        assertThat(text(Wire.anthropic("""
                {'model':'m','max_tokens':9,'messages':[
                  {'role':'assistant','content':[{'type':'tool_use','id':'1','name':'f','input':{}},
                    {'type':'tool_use','id':'2','name':'g','input':{}}]},
                  {'role':'user','content':[
                    {'type':'tool_result','tool_use_id':'1','is_error':true,'content':[{'type':'text','text':'r'},
                      {'type':'image','source':{'type':'base64','media_type':'image/png','data':'AA=='}}]},
                    {'type':'tool_result','tool_use_id':'2','content':'s'},{'type':'text','text':'go on'}]}]}""")))
                .contains("{'role':'tool','content':'Error: r','tool_name':'f','tool_call_id':'1'},"
                        + "{'role':'tool','content':'s','tool_name':'g','tool_call_id':'2'},"
                        + "{'role':'user','content':'','images':['AA==']},{'role':'user','content':'go on'}");
    }

    @Test
    void thoughtsOfEarlierQuestionsAreDropped() throws BadRequest {
        String written = text(Wire.anthropic("""
                {'model':'m','max_tokens':9,'messages':[{'role':'user','content':'a'},
                  {'role':'assistant','content':[{'type':'thinking','thinking':'old','signature':'s'},{'type':'text','text':'b'}]},
                  {'role':'user','content':'c'},
                  {'role':'assistant','content':[{'type':'thinking','thinking':'new','signature':'s'},
                    {'type':'redacted_thinking','data':'z'},{'type':'tool_use','id':'1','name':'f','input':{}}]},
                  {'role':'user','content':[{'type':'tool_result','tool_use_id':'1'}]}]}"""));

        assertThat(written).contains("'thinking':'new'").doesNotContain("old").doesNotContain("redacted");
    }

    @Test
    void documentsOfTextAreText() throws BadRequest {
        assertThat(
                        text(
                                Wire.anthropic(
                                        "{'model':'m','max_tokens':9,'messages':[{'role':'user','content':["
                                                + "{'type':'document','title':'T','source':{'type':'text','media_type':'text/plain','data':'d'}},"
                                                + "{'type':'search_result','title':'t','source':'s','content':[{'type':'text','text':'r'}]}]}]}")))
                .contains("Document: T\\n\\nd\\nSearch result: t");
    }

    @ParameterizedTest
    @CsvSource({"gpt-oss:20b,low,'\"low\"'", "gpt-oss:20b,xhigh,'\"high\"'", "qwen3,low,true", "qwen3,none,false"})
    void levelsGoToTheModelsThatHaveThem(String model, String effort, String think) throws BadRequest {
        Conversation conversation = Wire.openAi(
                "{'model':'m','reasoning_effort':'" + effort + "','messages':[{'role':'user','content':'x'}]}");

        assertThat(Json.text(new OllamaRequestWriter()
                        .write(conversation, model, Abilities.NONE)
                        .path("think")))
                .isEqualTo(think);
    }

    @Test
    void toolsThatMayNotBeUsedAreNotShown() throws BadRequest {
        assertThat(write(Wire.openAi("{'model':'m','tools':[{'type':'function','function':{'name':'f'}}],"
                                + "'tool_choice':'none','messages':[{'role':'user','content':'x'}]}"))
                        .has("tools"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'n':2|n",
                "'logprobs':true|logprobs",
                "'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':'required'|tool_choice",
                "'tools':[{'type':'custom','custom':{'name':'c'}}]|tools[0]",
            })
    void whatOllamaCantDoIsRefused(String field, String name) throws BadRequest {
        Conversation conversation =
                Wire.openAi("{'model':'m'," + field + ",'messages':[{'role':'user','content':'x'}]}");

        assertThat(catchThrowableOfType(BadRequest.class, () -> write(conversation))
                        .field())
                .isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'image_url','image_url':{'url':'http://x/y.png'}}",
                "{'type':'input_audio','input_audio':{}}",
                "{'type':'file','file':{'file_id':'f'}}",
                "{'type':'file','file':{'file_data':'data:application/pdf;base64,AA=='}}",
            })
    void partsThatOllamaCantReadAreRefusedByTheirPlace(String part) throws BadRequest {
        Conversation conversation = Wire.openAi("{'model':'m','messages':[{'role':'user','content':'x'},"
                + "{'role':'user','content':[{'type':'text','text':'y'}," + part + "]}]}");

        assertThat(catchThrowableOfType(BadRequest.class, () -> write(conversation))
                        .field())
                .isEqualTo("messages[1].content[1]");
    }
}
