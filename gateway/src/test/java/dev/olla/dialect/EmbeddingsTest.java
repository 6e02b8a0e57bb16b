package dev.olla.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.olla.dialect.ollama.OllamaEmbeddings;
import dev.olla.dialect.openai.OpenAiEmbeddings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class EmbeddingsTest {

    private static String text(JsonNode node) {
        return Json.text(node).replace('"', '\'');
    }

    private static EmbeddingAnswer whole(EmbeddingAnswer.Result result) {
        return ((EmbeddingAnswer.Result.Whole) result).answer();
    }

    private static byte[] body(String json) {
        return Wire.utf8(json.replace('\'', '"'));
    }

    @Test
    void openAisRequestIsAskedOfOllama() throws BadRequest {
        EmbeddingRequest request = OpenAiEmbeddings.read(Wire.json(
                "{'model':'m','input':['a','b'],'dimensions':3,'encoding_format':'base64','user':'u','x':1}"));

        assertThat(request.base64()).isTrue();
        assertThat(text(OllamaEmbeddings.write(request, "n")))
                .isEqualTo("{'model':'n','input':['a','b'],'dimensions':3}");
        assertThat(text(OpenAiEmbeddings.write(request, "n")))
                .isEqualTo("{'model':'n','input':['a','b'],'dimensions':3,'encoding_format':'float','user':'u','x':1}");
    }

    @Test
    void ollamasRequestIsAskedOfOpenAi() throws BadRequest {
        EmbeddingRequest many = OllamaEmbeddings.EMBED.read(
                Wire.json("{'model':'m','input':'a','truncate':false,'dimensions':3,'keep_alive':'5m'}"));
        EmbeddingRequest one = OllamaEmbeddings.SINGLE.read(Wire.json("{'model':'m','prompt':'a','options':{}}"));

        assertThat(text(OpenAiEmbeddings.write(many, "n")))
                .isEqualTo("{'model':'n','input':['a'],'dimensions':3,'encoding_format':'float'}");
        assertThat(text(OllamaEmbeddings.write(many, "n")))
                .isEqualTo("{'model':'n','input':['a'],'dimensions':3,'truncate':false,'keep_alive':'5m'}");
        assertThat(text(OpenAiEmbeddings.write(one, "n")))
                .isEqualTo("{'model':'n','input':['a'],'encoding_format':'float'}");
    }

    @Test
    void noTextAsksForTheModelToBeLoaded() throws BadRequest {
        assertThat(OllamaEmbeddings.EMBED.read(Wire.json("{'model':'m'}")).inputs())
                .isEmpty();
        assertThat(OllamaEmbeddings.EMBED
                        .read(Wire.json("{'model':'m','input':''}"))
                        .inputs())
                .isEmpty();
        assertThat(OllamaEmbeddings.SINGLE
                        .read(Wire.json("{'model':'m','prompt':''}"))
                        .inputs())
                .isEmpty();
    }

    @Test
    void ollamasAnswerIsToldToOpenAisClients() throws BadRequest {
        EmbeddingAnswer answer = whole(
                OllamaEmbeddings.readAnswer(
                        body(
                                "{'model':'m','embeddings':[[0.10,-1],[1e-3,2]],'total_duration':5,'load_duration':6,'prompt_eval_count':7}")));
        EmbeddingRequest floats = OpenAiEmbeddings.read(Wire.json("{'model':'q','input':['a','b']}"));
        EmbeddingRequest base64 =
                OpenAiEmbeddings.read(Wire.json("{'model':'q','input':['a','b'],'encoding_format':'base64'}"));

        assertThat(text(OpenAiEmbeddings.writeAnswer(answer, floats)))
                .isEqualTo("{'object':'list','data':[{'object':'embedding','index':0,'embedding':[0.10,-1]},"
                        + "{'object':'embedding','index':1,'embedding':[0.001,2]}],'model':'m',"
                        + "'usage':{'prompt_tokens':7,'total_tokens':7}}");
        assertThat(OpenAiEmbeddings.writeAnswer(answer, base64)
                        .at("/data/0/embedding")
                        .asString())
                .isEqualTo("zczMPQAAgL8=");
    }

    @Test
    void openAisAnswerIsToldToOllamasClients() throws BadRequest {
        EmbeddingAnswer answer = whole(OpenAiEmbeddings.readAnswer(
                body("{'object':'list','data':[{'index':1,'embedding':'zczMPQAAgL8='},{'index':0,'embedding':[0.5]}],"
                        + "'usage':{'prompt_tokens':7,'total_tokens':7}}")));
        EmbeddingRequest request = OllamaEmbeddings.EMBED.read(Wire.json("{'model':'q','input':['a','b']}"));

        assertThat(text(OllamaEmbeddings.EMBED.writeAnswer(answer, request, Duration.ofNanos(9))))
                .isEqualTo("{'model':'q','embeddings':[[0.5],[0.1,-1.0]],'total_duration':9,'prompt_eval_count':7}");
        assertThat(text(OllamaEmbeddings.SINGLE.writeAnswer(answer, request, Duration.ZERO)))
                .isEqualTo("{'embedding':[0.5]}");
        assertThat(text(OllamaEmbeddings.SINGLE.writeAnswer(
                        new EmbeddingAnswer(null, List.of(), Usage.UNKNOWN), request, Duration.ZERO)))
                .isEqualTo("{'embedding':[]}");
    }

    @Test
    void theOldAnswerOfOllamaIsReadToo() {
        assertThat(whole(OllamaEmbeddings.readAnswer(body("{'embedding':[1,2]}")))
                        .vectors())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no",
                "[]",
                "{}",
                "{'embeddings':[1]}",
                "{'embeddings':['x']}",
                "{'data':[{}]}",
                "{'data':[{'embedding':'?'}]}"
            })
    void whatHoldsNoVectorsIsAFailure(String json) {
        assertThat(OllamaEmbeddings.readAnswer(body(json))).isEqualTo(EmbeddingAnswer.unreadable());
        assertThat(OpenAiEmbeddings.readAnswer(body(json))).isEqualTo(EmbeddingAnswer.unreadable());
    }

    @Test
    void anErrorIsOne() {
        EmbeddingAnswer.Result broken = new EmbeddingAnswer.Result.Broken(new AnswerEvent.Failed(500, null, "no"));

        assertThat(OllamaEmbeddings.readAnswer(body("{'error':'no'}"))).isEqualTo(broken);
        assertThat(OpenAiEmbeddings.readAnswer(body("{'error':{'message':'no'}}")))
                .isEqualTo(broken);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'input':'a'}|model",
                "{'model':'m'}|input",
                "{'model':'m','input':[]}|input",
                "{'model':'m','input':[1,2]}|input",
                "{'model':'m','input':[[1],[2]]}|input",
                "{'model':'m','input':['a',1]}|input[1]",
                "{'model':'m','input':'a','dimensions':'x'}|dimensions",
                "{'model':'m','input':'a','encoding_format':'hex'}|encoding_format",
            })
    void whatIsWrongIsNamed(String request, String field) {
        assertThat(catchThrowableOfType(BadRequest.class, () -> OpenAiEmbeddings.read(Wire.json(request)))
                        .field())
                .isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'input':'a'}|model",
                "{'model':'m','input':{}}|input",
                "{'model':'m','input':[1]}|input[0]",
                "{'model':'m','truncate':1}|truncate"
            })
    void whatIsWrongInOllamasIsNamed(String request, String field) {
        assertThat(catchThrowableOfType(BadRequest.class, () -> OllamaEmbeddings.EMBED.read(Wire.json(request)))
                        .field())
                .isEqualTo(field);
    }
}
