package dev.olla.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.olla.dialect.ollama.OllamaForm;
import dev.olla.dialect.ollama.OllamaRequest;
import dev.olla.dialect.ollama.OllamaRequestReader;
import dev.olla.dialect.ollama.OllamaRequestWriter;
import dev.olla.dialect.openai.CompletionAnswerReader;
import dev.olla.dialect.openai.CompletionRequests;
import dev.olla.dialect.openai.CompletionStreamWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CompletionTest {

    private static final String FULL = "{'model':'m','prompt':['p'],'suffix':'s','max_tokens':5,'temperature':0.10,"
            + "'stop':'x','seed':7,'n':1,'echo':false,'stream':true,'stream_options':{'include_usage':true},'user':'u'}";

    private static String text(tools.jackson.databind.JsonNode node) {
        return Json.text(node).replace('"', '\'');
    }

    @Test
    void openAisCompletionIsOllamasGenerate() throws BadRequest {
        Completion completion = CompletionRequests.read(Wire.json(FULL));

        assertThat(CompletionRequests.wantsUsage(completion)).isTrue();
        assertThat(text(new OllamaRequestWriter().write(completion, "n")))
                .isEqualTo("{'model':'n','prompt':'p','suffix':'s','stream':true,"
                        + "'options':{'num_predict':5,'temperature':0.10,'seed':7,'stop':['x']}}");
    }

    @Test
    void ollamasGapIsOpenAisCompletion() throws BadRequest {
        Completion completion = ((OllamaRequest.Completing) new OllamaRequestReader(OllamaForm.GENERATE)
                        .read(Wire.json(
                                "{'model':'m','prompt':'p','suffix':'s','options':{'num_predict':5,'num_ctx':9}}")))
                .completion();

        assertThat(text(CompletionRequests.write(completion, "n", Abilities.NONE)))
                .isEqualTo("{'model':'n','prompt':'p','suffix':'s','max_tokens':5,'stream':true,"
                        + "'stream_options':{'include_usage':true}}");
        assertThat(text(new OllamaRequestWriter().write(completion, "n")))
                .isEqualTo("{'model':'n','prompt':'p','suffix':'s','stream':true,"
                        + "'options':{'num_predict':5,'num_ctx':9}}");
    }

    @Test
    void everythingComesBackAsItWent() throws BadRequest {
        Completion completion = CompletionRequests.read(Wire.json(FULL));

        assertThat(CompletionRequests.read(
                        Wire.tree(Json.text(CompletionRequests.write(completion, "m", Abilities.NONE)))))
                .isEqualTo(completion);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'prompt':'p'}|model",
                "{'model':'m'}|prompt",
                "{'model':'m','prompt':['a','b']}|prompt",
                "{'model':'m','prompt':[1,2]}|prompt",
                "{'model':'m','prompt':'p','n':2}|n",
                "{'model':'m','prompt':'p','best_of':3}|best_of",
                "{'model':'m','prompt':'p','echo':true}|echo",
                "{'model':'m','prompt':'p','logprobs':0}|logprobs",
                "{'model':'m','prompt':'p','logit_bias':{'1':2}}|logit_bias",
            })
    void whatCantBeIsNamed(String request, String field) {
        assertThat(catchThrowableOfType(
                                BadRequest.class,
                                () -> new OllamaRequestWriter().write(CompletionRequests.read(Wire.json(request)), "n"))
                        .field())
                .isEqualTo(field);
    }

    @Test
    void aFormatHasNoPlaceInACompletion() throws BadRequest {
        Completion completion = ((OllamaRequest.Completing) new OllamaRequestReader(OllamaForm.GENERATE)
                        .read(Wire.json("{'model':'m','prompt':'p','raw':true,'format':'json'}")))
                .completion();

        assertThat(catchThrowableOfType(
                                BadRequest.class, () -> CompletionRequests.write(completion, "n", Abilities.NONE))
                        .field())
                .isEqualTo("format");
    }

    private static final byte[] CHUNKS = Wire.stream(
            "{'id':'cmpl-1','created':9,'model':'m','choices':[{'text':'a','finish_reason':null}]}",
            "{'choices':[{'text':'é','finish_reason':null}]}",
            "{'choices':[{'text':'','finish_reason':'length'}]}",
            "{'choices':[],'usage':{'prompt_tokens':3,'completion_tokens':2}}",
            "[DONE]");

    @Test
    void aStreamIsTheSameHoweverItIsCut() {
        for (int cut = 0; cut <= CHUNKS.length; cut++) {
            assertThat(Wire.read(new CompletionAnswerReader(), CHUNKS, cut))
                    .containsExactly(
                            new AnswerEvent.Started(null, "m", 9),
                            new AnswerEvent.Text("a"),
                            new AnswerEvent.Text("é"),
                            new AnswerEvent.Used(Usage.of(3L, 2L)),
                            new AnswerEvent.Finished(StopReason.LENGTH, null));
        }
    }

    @Test
    void anAnswerIsWrittenAndReadBack() {
        List<AnswerEvent> events = Wire.read(new CompletionAnswerReader(), CHUNKS);
        String stream = Wire.write(new CompletionStreamWriter(Wire.ASKED, Wire.identifiers()), events);
        Answer answer = Wire.answer(events);
        byte[] whole = Json.bytes(new CompletionStreamWriter(Wire.ASKED, Wire.identifiers()).whole(answer));

        assertThat(stream).startsWith("data: {\"id\":\"cmpl-").endsWith("data: [DONE]\n\n");
        assertThat(Wire.read(new CompletionAnswerReader(), Wire.utf8(stream))).isEqualTo(events);
        assertThat(Wire.answer(Wire.read(new CompletionAnswerReader(), whole))).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "data: {\"choices\":[{\"text\":\"a\"}]}\n\n",
                "data: {\"error\":\"no\"}\n\n",
                "{\"error\":{\"message\":\"no\"}}"
            })
    void anAnswerThatBreaksOffIsAFailure(String body) {
        List<AnswerEvent> events = Wire.read(new CompletionAnswerReader(), Wire.utf8(body));

        assertThat(events.getLast()).isInstanceOf(AnswerEvent.Failed.class);
        assertThat(Wire.write(new CompletionStreamWriter(Wire.ASKED, Wire.identifiers()), events))
                .contains("\"error\":{")
                .doesNotContain("[DONE]");
    }
}
