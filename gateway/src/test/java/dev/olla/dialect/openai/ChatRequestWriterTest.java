package dev.olla.dialect.openai;

import static dev.olla.dialect.Wire.anthropic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Json;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

final class ChatRequestWriterTest {

    private static final Abilities VLLM = new Abilities(Set.of(
            "top_k",
            "min_p",
            "repetition_penalty",
            "chat_template_kwargs",
            "continue_final_message",
            "reasoning_effort"));
    private static final Abilities OLLAMA = new Abilities(Set.of("reasoning", "reasoning_effort"));

    private static ObjectNode write(String fields, Abilities abilities) throws BadRequest {
        return new ChatRequestWriter().write(anthropic("{'model':'m','max_tokens':5," + fields + "}"), "m", abilities);
    }

    private static String messages(String messages, Abilities abilities) throws BadRequest {
        return Json.text(write("'messages':[" + messages + "]", abilities).path("messages"))
                .replace('"', '\'');
    }

    private static String messages(String messages) throws BadRequest {
        return messages(messages, Abilities.NONE);
    }

    private static String user(String blocks) throws BadRequest {
        return messages("{'role':'user','content':[" + blocks + "]}");
    }

    private static ObjectNode settings(String fields, Abilities abilities) throws BadRequest {
        return write("'messages':[{'role':'user','content':'x'}]," + fields, abilities);
    }

    @Test
    void systemBlocksAreOneText() throws BadRequest {
        assertThat(Json.text(settings(
                                "'system':[{'type':'text','text':'a','cache_control':{}},{'type':'text','text':'b'}]",
                                Abilities.NONE)
                        .path("messages")
                        .path(0)))
                .isEqualTo("{\"role\":\"system\",\"content\":\"a\\n\\nb\"}");
    }

    @Test
    void turnsOfOneSideAreMergedAndEmptyOnesVanish() throws BadRequest {
        assertThat(messages("{'role':'user','content':'a'},{'role':'user','content':'b'},"
                        + "{'role':'assistant','content':''},{'role':'assistant','content':'c'}"))
                .isEqualTo("[{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]},"
                        + "{'role':'assistant','content':'c'}]");
    }

    @Test
    void imagesStayWhereTheyAre() throws BadRequest {
        assertThat(user("{'type':'text','text':'a'},"
                        + "{'type':'image','source':{'type':'base64','media_type':'image/jpeg','data':'AA=='}},"
                        + "{'type':'image','source':{'type':'url','url':'http://x'}},{'type':'text','text':'b'}"))
                .isEqualTo("[{'role':'user','content':[{'type':'text','text':'a'},"
                        + "{'type':'image_url','image_url':{'url':'data:image/jpeg;base64,AA=='}},"
                        + "{'type':'image_url','image_url':{'url':'http://x'}},{'type':'text','text':'b'}]}]");
    }

    @Test
    void resultsComeFirstAndTheirImagesAfterTheRun() throws BadRequest {
        String image = "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'%s'}}";
        assertThat(user("{'type':'text','text':'now'},"
                        + "{'type':'tool_result','tool_use_id':'a','content':[{'type':'text','text':'1'},"
                        + image.formatted("AA==") + ",{'type':'text','text':'2'}]},"
                        + "{'type':'tool_result','tool_use_id':'b','content':[" + image.formatted("BB==") + "]},"
                        + "{'type':'tool_result','tool_use_id':'c'}"))
                .isEqualTo("[{'role':'tool','tool_call_id':'a','content':'1\\n2'},"
                        + "{'role':'tool','tool_call_id':'b','content':''},"
                        + "{'role':'tool','tool_call_id':'c','content':''},"
                        + "{'role':'user','content':["
                        + "{'type':'image_url','image_url':{'url':'data:image/png;base64,AA=='}},"
                        + "{'type':'image_url','image_url':{'url':'data:image/png;base64,BB=='}},"
                        + "{'type':'text','text':'now'}]}]");
    }

    @ParameterizedTest
    @CsvSource({"broken, Error: broken", "ERROR 5, ERROR 5", "error, error"})
    void aFailedToolSaysSo(String said, String told) throws BadRequest {
        assertThat(user("{'type':'tool_result','tool_use_id':'a','is_error':true,'content':'" + said + "'}"))
                .contains("'content':'" + told + "'");
    }

    @Test
    void documentsAreReadOut() throws BadRequest {
        assertThat(user("{'type':'document','title':'t','context':'c','source':{'type':'text','data':'d'}}"))
                .contains("'content':'Document: t\\nContext: c\\n\\nd'");
        assertThat(user("{'type':'document','source':{'type':'content','content':[{'type':'text','text':'d'}]}}"))
                .contains("'content':'d'");
        assertThat(user("{'type':'search_result','title':'t','source':'s','content':[{'type':'text','text':'d'}]}"))
                .contains("'content':'Search result: t\\nSource: s\\n\\nd'");
    }

    @Test
    void filesGoToServersThatTakeThem() throws BadRequest {
        String pdf = "{'role':'user','content':[{'type':'document','source':"
                + "{'type':'base64','media_type':'application/pdf','data':'AA=='}}]}";

        assertThat(messages(pdf, new Abilities(Set.of("file"))))
                .contains("{'type':'file','file':{'filename':'document.pdf',"
                        + "'file_data':'data:application/pdf;base64,AA=='}}");
        BadRequest refused = catchThrowableOfType(BadRequest.class, () -> messages(pdf));
        assertThat(refused.field()).isEqualTo("messages[0].content[0]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'image','source':{'type':'file','file_id':'f'}}",
                "{'type':'document','source':{'type':'url','url':'http://x'}}",
                "{'type':'document','source':{'type':'file','file_id':'f'}}",
                "{'type':'container_upload','file_id':'f'}",
                "{'type':'novelty'}"
            })
    void whatCantBeTranslatedIsRefusedByItsPlace(String block) {
        String conversation = "'system':'s','messages':[{'role':'user','content':'x'},"
                + "{'role':'assistant','content':'y'},{'role':'user','content':[{'type':'text','text':'z'}," + block
                + "]}]";
        BadRequest refused = catchThrowableOfType(BadRequest.class, () -> write(conversation, VLLM));

        assertThat(refused.kind()).isEqualTo(BadRequest.Kind.UNTRANSLATABLE);
        assertThat(refused.field()).isEqualTo("messages[2].content[1]");
    }

    @Test
    void callsKeepIdNumbersAndOrderOfKeys() throws BadRequest {
        assertThat(messages("{'role':'assistant','content':[{'type':'text','text':'a'},{'type':'text','text':'b'},"
                        + "{'type':'tool_use','id':'i','name':'f','input':"
                        + "{'z':9223372036854775808,'a':1e400,'m':0.1,'h':'<&>'}}]}"))
                .isEqualTo("[{'role':'assistant','content':'ab','tool_calls':[{'id':'i','type':'function','function':"
                        + "{'name':'f','arguments':'{\\'z\\':9223372036854775808,\\'a\\':1E+400,\\'m\\':0.1,"
                        + "\\'h\\':\\'<&>\\'}'}}]}]");
    }

    @Test
    void onlyTheThoughtsOfTheLoopAtWorkGoBack() throws BadRequest {
        String conversation = "{'role':'user','content':'1'},"
                + "{'role':'assistant','content':[{'type':'thinking','thinking':'old'},{'type':'text','text':'a'}]},"
                + "{'role':'user','content':'2'},"
                + "{'role':'assistant','content':[{'type':'thinking','thinking':'new','signature':'s'},"
                + "{'type':'redacted_thinking','data':'d'},{'type':'tool_use','id':'i','name':'f','input':{}}]},"
                + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'i','content':'r'},"
                + "{'type':'text','text':'reminder'}]}";

        assertThat(messages(conversation, VLLM))
                .contains("'content':null,'reasoning_content':'new','tool_calls'")
                .doesNotContain("old");
        assertThat(messages(conversation, OLLAMA)).contains("'reasoning':'new'");
        assertThat(messages(conversation)).doesNotContain("new").doesNotContain("old");
    }

    @Test
    void settingsAreMapped() throws BadRequest {
        String fields = "'temperature':0.1,'top_p':0.9,'top_k':4,'stop_sequences':['a'],"
                + "'metadata':{'user_id':'u'},'service_tier':'auto','stream':true";

        assertThat(Json.text(settings(fields, VLLM)))
                .isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":5,"
                        + "\"temperature\":0.1,\"top_p\":0.9,\"top_k\":4,\"stop\":[\"a\"],\"user\":\"u\","
                        + "\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
        assertThat(settings(fields, Abilities.NONE).has("top_k")).isFalse();
        assertThat(settings(fields, new Abilities(Set.of("max_completion_tokens")))
                        .path("max_completion_tokens")
                        .intValue())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'thinking':{'type':'enabled','budget_tokens':2048} | low",
                "'thinking':{'type':'enabled','budget_tokens':8192} | medium",
                "'thinking':{'type':'enabled','budget_tokens':8193} | high",
                "'thinking':{'type':'enabled','budget_tokens':1024},'output_config':{'effort':'high'} | high",
                "'thinking':{'type':'adaptive'},'output_config':{'effort':'max'} | high",
                "'output_config':{'effort':'medium'} | medium"
            })
    void thinkingIsAnEffort(String fields, String effort) throws BadRequest {
        assertThat(settings(fields, OLLAMA).path("reasoning_effort").asString()).isEqualTo(effort);
        assertThat(settings(fields, Abilities.NONE).has("reasoning_effort")).isFalse();
    }

    @Test
    void thinkingIsASwitchOfTheTemplate() throws BadRequest {
        assertThat(settings("'thinking':{'type':'enabled','budget_tokens':2048}", VLLM)
                        .at("/chat_template_kwargs/enable_thinking")
                        .asBoolean())
                .isTrue();
        ObjectNode off = settings("'thinking':{'type':'disabled'}", VLLM);
        assertThat(off.at("/chat_template_kwargs/enable_thinking").asBoolean(true))
                .isFalse();
        assertThat(off.has("reasoning_effort")).isFalse();
        assertThat(settings("'thinking':{'type':'disabled'}", OLLAMA)
                        .path("reasoning_effort")
                        .asString())
                .isEqualTo("none");
        assertThat(settings(
                                "'thinking':{'type':'enabled','budget_tokens':99}",
                                new Abilities(Set.of("thinking_token_budget")))
                        .path("thinking_token_budget")
                        .intValue())
                .isEqualTo(99);
    }

    @Test
    void aTrailingAnswerIsGoneOnWith() throws BadRequest {
        String prefill = "'messages':[{'role':'user','content':'x'},{'role':'assistant','content':'The'}]";

        assertThat(write(prefill, VLLM).path("continue_final_message").asBoolean())
                .isTrue();
        assertThat(write(prefill, VLLM).path("add_generation_prompt").asBoolean(true))
                .isFalse();
        assertThat(write(prefill, OLLAMA).has("continue_final_message")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'auto'} | 'auto'",
                "{'type':'any'} | 'required'",
                "{'type':'none'} | 'none'",
                "{'type':'tool','name':'f'} | {'type':'function','function':{'name':'f'}}"
            })
    void choicesAreMapped(String choice, String written) throws BadRequest {
        ObjectNode request =
                settings("'tools':[{'name':'f','input_schema':{}}],'tool_choice':" + choice, Abilities.NONE);

        assertThat(Json.text(request.path("tool_choice")).replace('"', '\'')).isEqualTo(written);
        assertThat(settings("'tools':[],'tool_choice':" + choice, Abilities.NONE)
                        .has("tool_choice"))
                .isFalse();
    }

    @Test
    void toolsAreFunctions() throws BadRequest {
        ObjectNode request = settings(
                "'tools':[{'name':'f','input_schema':{'z':1,'a':2},'strict':true},"
                        + "{'type':'web_search_20250305','name':'web_search'},"
                        + "{'type':'bash_20250124','name':'bash'}],"
                        + "'tool_choice':{'type':'auto','disable_parallel_tool_use':true}",
                Abilities.NONE);

        assertThat(request.path("tools").size()).isEqualTo(2);
        assertThat(Json.text(request.path("tools").path(0)))
                .isEqualTo("{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"z\":1,\"a\":2},"
                        + "\"strict\":true}}");
        assertThat(request.at("/tools/1/function/parameters/properties/command/type")
                        .asString())
                .isEqualTo("string");
        assertThat(request.path("parallel_tool_calls").asBoolean(true)).isFalse();
    }

    @Test
    void aToolOfTheServicesOwnCantBeForced() {
        BadRequest refused = catchThrowableOfType(
                BadRequest.class,
                () -> settings(
                        "'tools':[{'name':'f'},{'type':'web_search_20250305','name':'web_search'}],"
                                + "'tool_choice':{'type':'tool','name':'web_search'}",
                        Abilities.NONE));

        assertThat(refused.field()).isEqualTo("tools[1]");
    }

    @Test
    void onlyToolsOfTheServicesOwnAreNoToolsAtAll() throws BadRequest {
        ObjectNode request = settings(
                "'tools':[{'type':'web_search_20250305','name':'web_search'}],'tool_choice':{'type':'any'}",
                Abilities.NONE);

        assertThat(request.has("tools")).isFalse();
        assertThat(request.has("tool_choice")).isFalse();
    }

    @Test
    void theSchemaOfTheAnswerIsNamed() throws BadRequest {
        assertThat(Json.text(settings(
                                "'output_config':{'format':{'type':'json_schema','schema':{'b':1,'a':2}}}",
                                Abilities.NONE)
                        .path("response_format")))
                .isEqualTo("{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\","
                        + "\"schema\":{\"b\":1,\"a\":2},\"strict\":true}}");
    }
}
