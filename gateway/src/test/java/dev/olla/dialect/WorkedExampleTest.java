package dev.olla.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.dialect.anthropic.MessagesDocumentWriter;
import dev.olla.dialect.anthropic.TokenEstimate;
import dev.olla.dialect.openai.ChatRequestWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One question about the weather, all the way: from Anthropic's format to OpenAI's and back.
final class WorkedExampleTest {

    private static final byte[] CHUNKS = Wire.stream(WorkedExample.CHUNKS.toArray(String[]::new));

    @Test
    void theRequestIsEstimatedAt28Tokens() throws BadRequest {
        assertThat(TokenEstimate.of(Wire.json(WorkedExample.REQUEST))).isEqualTo(28);
    }

    @Test
    void theRequestReadsTheSameToAServerOfTheOtherFormat() throws BadRequest {
        assertThat(Json.text(new ChatRequestWriter()
                        .write(Wire.anthropic(WorkedExample.REQUEST), "qwen3:8b", Abilities.NONE)))
                .isEqualTo(WorkedExample.ASKED);
    }

    @Test
    void theStreamIsTheSameHoweverItIsCut() {
        for (int cut = 0; cut <= CHUNKS.length; cut++) {
            List<AnswerEvent> events = Wire.read(Wire.openAiReader(), CHUNKS, cut);

            assertThat(Wire.write(Wire.anthropicWriter(), events))
                    .isEqualTo(WorkedExample.EVENTS.replace(
                            "msg_01", Wire.identifiers().message()));
        }
    }

    @Test
    void theWholeMessageHasTheSameContent() {
        Answer answer = Wire.answer(Wire.read(Wire.openAiReader(), CHUNKS));

        assertThat(Json.text(new MessagesDocumentWriter(Wire.identifiers()).write(answer, Wire.ASKED)))
                .isEqualTo("""
                        {"id":"%s","type":"message","role":"assistant","model":"qwen3:8b","content":[\
                        {"type":"thinking","thinking":"Need a tool.","signature":"bG9jYWw="},\
                        {"type":"text","text":"Checking."},\
                        {"type":"tool_use","id":"call_7","name":"get_weather","input":{"city":"Oslo"}}],\
                        "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":61,"output_tokens":24,\
                        "cache_creation_input_tokens":0,"cache_read_input_tokens":0,"server_tool_use":null,\
                        "service_tier":"standard"}}""".formatted(Wire.identifiers().message()));
    }
}
