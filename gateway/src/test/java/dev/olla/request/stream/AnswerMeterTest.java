package dev.olla.request.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.AnswerFormulas;
import dev.olla.http.Headers;
import dev.olla.http.ResponseHead;
import dev.olla.telemetry.AnswerFigures;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerMeterTest {

    private static final String SSE = "text/event-stream";
    private static final String NDJSON = "application/x-ndjson";
    private static final String JSON = "application/json; charset=utf-8";

    private static AnswerMeter meter(String type) {
        return Objects.requireNonNull(
                AnswerMeter.of(new ResponseHead(200, Headers.of("Content-Type", type)), AnswerFormulas.NONE));
    }

    private static AnswerFigures read(String type, String body) {
        return read(type, body, Integer.MAX_VALUE);
    }

    private static AnswerFigures read(String type, String body, int pieceSize) {
        AnswerMeter meter = meter(type);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += Math.min(pieceSize, bytes.length)) {
            ByteBuf piece = Unpooled.wrappedBuffer(bytes, at, Math.min(pieceSize, bytes.length - at));
            meter.passed(piece);
            assertThat(piece.readableBytes()).as("the bytes go on").isPositive();
        }
        return meter.figures();
    }

    private static String openAiStream(int chunks, String usage) {
        String chunk = "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n";
        return chunk.repeat(chunks)
                + "data: {\"model\":\"m\",\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                + "data: {\"model\":\"m\",\"choices\":[],\"usage\":" + usage + "}\n\ndata: [DONE]\n\n";
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 1000", "500, 1", "500, 7", "500, 100000"})
    void anOpenAiStreamIsReadHoweverItIsCut(int chunks, int pieceSize) {
        String body = openAiStream(chunks, "{\"prompt_tokens\":61,\"completion_tokens\":24,\"total_tokens\":85}");
        AnswerFigures figures = read(SSE, body, pieceSize);
        assertThat(figures.model()).isEqualTo("m");
        assertThat(figures.finishReason()).isEqualTo("stop");
        assertThat(figures.inputTokens()).isEqualTo(61);
        assertThat(figures.outputTokens()).isEqualTo(24);
        assertThat(figures.totalTokens()).isEqualTo(85);
        assertThat(figures.complete()).isTrue();
    }

    @Test
    void ofCumulativeUsageTheLastCounts() {
        String body = "data: {\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}\n\n"
                + "data: {\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}\n\n";
        assertThat(read(SSE, body).outputTokens()).isEqualTo(2);
        assertThat(read(SSE, body).totalTokens()).isEqualTo(7);
    }

    @Test
    void eventsMayEndTheirLinesWithCarriageReturns() {
        String body =
                openAiStream(3, "{\"prompt_tokens\":1,\"completion_tokens\":2}").replace("\n", "\r\n");
        assertThat(read(SSE, body).outputTokens()).isEqualTo(2);
    }

    @Test
    void anAnthropicStreamTellsItsInputFirstAndItsOutputLast() {
        String start = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"claude\","
                + "\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":30,\"cache_creation_input_tokens\":2,"
                + "\"output_tokens\":1}}}\n\n";
        String delta = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                + "\"delta\":{\"type\":\"text_delta\",\"text\":\"word\"}}\n\n";
        String end = "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                + "\"usage\":{\"output_tokens\":99}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
        AnswerFigures figures = read(SSE, start + delta.repeat(200) + end);
        assertThat(figures.model()).isEqualTo("claude");
        assertThat(figures.inputTokens()).isEqualTo(42);
        assertThat(figures.outputTokens()).isEqualTo(99);
        assertThat(figures.finishReason()).isEqualTo("end_turn");
    }

    @Test
    void aStreamOfResponsesTellsAllInItsLastEvent() {
        String body = "data: {\"type\":\"response.output_text.delta\",\"delta\":\"x\"}\n\n".repeat(100)
                + "data: {\"type\":\"response.completed\",\"response\":{\"model\":\"m\",\"status\":\"completed\","
                + "\"usage\":{\"input_tokens\":3,\"output_tokens\":4,\"total_tokens\":7}}}\n\n";
        AnswerFigures figures = read(SSE, body);
        assertThat(figures.inputTokens()).isEqualTo(3);
        assertThat(figures.totalTokens()).isEqualTo(7);
        assertThat(figures.complete()).isTrue();
    }

    @Test
    void ollamaTellsCountsAndDurations() {
        String line = "{\"model\":\"llama3.2\",\"response\":\"word\",\"done\":false}\n";
        String last = "{\"model\":\"llama3.2\",\"response\":\"\",\"done\":true,\"done_reason\":\"stop\","
                + "\"total_duration\":5000000000,\"load_duration\":2000000000,\"prompt_eval_count\":26,"
                + "\"prompt_eval_duration\":500000000,\"eval_count\":100,\"eval_duration\":2500000000}\n";
        AnswerFigures figures = read(NDJSON, line.repeat(300) + last, 13);
        assertThat(figures.inputTokens()).isEqualTo(26);
        assertThat(figures.outputTokens()).isEqualTo(100);
        assertThat(figures.totalMillis()).isEqualTo(5000);
        assertThat(figures.loadMillis()).isEqualTo(2000);
        assertThat(figures.promptMillis()).isEqualTo(500);
        assertThat(figures.firstTokenMillis()).isEqualTo(500);
        assertThat(figures.generationMillis()).isEqualTo(2500);
        assertThat(figures.tokensPerSecond()).isEqualTo(40.0);
        assertThat(figures.finishReason()).isEqualTo("stop");
    }

    @Test
    void figuresBehindALongContextAreReadThoughItsBeginningIsGone() {
        String context = "1234,".repeat(5000) + "1";
        String body = "{\"model\":\"m\",\"done\":true,\"context\":[" + context
                + "],\"total_duration\":5000000,\"load_duration\":1000000,\"eval_count\":7,\"eval_duration\":1000000}\n";
        AnswerFigures figures = read(NDJSON, body);
        assertThat(figures.outputTokens()).isEqualTo(7);
        assertThat(figures.loadMillis()).isEqualTo(1);
    }

    @Test
    void aWholeAnswerIsReadWhole() {
        String body = "{\"id\":\"x\",\"model\":\"m\",\"choices\":[{\"message\":{\"content\":\"" + "long ".repeat(5000)
                + "\"},\"finish_reason\":\"length\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":5000},"
                + "\"timings\":{\"prompt_ms\":12.6,\"predicted_ms\":1000.2,\"predicted_per_second\":51.5}}";
        AnswerFigures figures = read(JSON, body, 1000);
        assertThat(figures.finishReason()).isEqualTo("length");
        assertThat(figures.outputTokens()).isEqualTo(5000);
        assertThat(figures.firstTokenMillis()).isEqualTo(13);
        assertThat(figures.tokensPerSecond()).isEqualTo(51.5);
    }

    @Test
    void theEndOfAnAnswerTooLongToKeepIsEnough() {
        String body = "{\"model\":\"m\",\"data\":[{\"embedding\":[" + "0.1,".repeat(50_000)
                + "0.1]}],\"usage\":{\"prompt_tokens\":9,\"total_tokens\":9}}";
        AnswerFigures figures = read(JSON, body, 4096);
        assertThat(figures.inputTokens()).isEqualTo(9);
        assertThat(figures.outputTokens()).isNull();
        assertThat(figures.totalTokens()).isEqualTo(9);
    }

    @Test
    void aTextThatLooksLikeFiguresIsNone() {
        String trap = ",\\\"usage\\\":{\\\"prompt_tokens\\\":666},\\\"eval_count\\\":666";
        String body = "{\"choices\":[{\"message\":{\"content\":\"" + "x".repeat(70_000) + trap
                + "\"}}],\"usage\":{\"prompt_tokens\":1}}";
        AnswerFigures figures = read(JSON, body);
        assertThat(figures.inputTokens()).isEqualTo(1);
        assertThat(figures.outputTokens()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: [DONE]\n\n",
                "data: {broken\n\n",
                "data: {\"usage\":null}\n\n",
                "data: {\"usage\":{\"prompt_tokens\":\"7\",\"completion_tokens\":-1}}\n\n",
                "data: {\"usage\":[1,2],\"model\":5}\n\n",
                ": only a comment\n\n"
            })
    void whatIsNotToldIsNotGuessed(String body) {
        assertThat(read(SSE, body)).isEqualTo(AnswerFigures.NONE);
    }

    @Test
    void errorsCompressedAnswersAndOtherTypesAreNotRead() {
        Headers compressed = Headers.of("Content-Type", SSE).set("Content-Encoding", "gzip");
        assertThat(AnswerMeter.of(new ResponseHead(200, compressed), AnswerFormulas.NONE))
                .isNull();
        assertThat(AnswerMeter.of(new ResponseHead(500, Headers.of("Content-Type", SSE)), AnswerFormulas.NONE))
                .isNull();
        assertThat(AnswerMeter.of(new ResponseHead(200, Headers.of("Content-Type", "audio/mpeg")), AnswerFormulas.NONE))
                .isNull();
        assertThat(AnswerMeter.of(new ResponseHead(200, new Headers()), AnswerFormulas.NONE))
                .isNull();
    }
}
