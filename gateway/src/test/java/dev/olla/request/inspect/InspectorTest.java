package dev.olla.request.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Body;
import dev.olla.http.EventLoops;
import dev.olla.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectorTest {

    private static final String LONG_TEXT = "x".repeat(400 * 1024);

    @Test
    void whatComesAfterFourHundredKibibytesIsFound() {
        Inspection found = scan("{\"messages\":[{\"role\":\"user\",\"content\":\"" + LONG_TEXT
                + "\"}],\"stream\":true,\"model\":\"late\"}");
        assertThat(found.model()).isEqualTo("late");
        assertThat(found.streaming()).isTrue();
        assertThat(found.problem()).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nestingOfAHundredThousandLevelsIsNoTrouble(boolean modelFirst) {
        String deep = "\"x\":" + "[".repeat(100_000) + "]".repeat(100_000);
        Inspection found = scan(modelFirst ? "{\"model\":\"a\"," + deep + "}" : "{" + deep + ",\"model\":\"a\"}");
        assertThat(found.model()).isEqualTo("a");
    }

    @Test
    void depthAloneIsNoSyntaxError() {
        String deep = "{\"x\":" + "{\"y\":".repeat(100_000) + "1" + "}".repeat(100_000) + "}";
        assertThat(scan(deep).problem()).isNull();
    }

    @Test
    void aLongKeyOrNumberIsNoSyntaxError() {
        assertThat(scan("{\"" + "k".repeat(100_000) + "\":1}").problem()).isNull();
        assertThat(scan("{\"x\":" + "1".repeat(5_000) + "}").problem()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"x\":tru}", "{\"x\" 1}", "{\"x\":1,}", "{\"x\":[1}]", "{x:1}", "{\"x\":\"\n\"}"})
    void brokenSyntaxIsAProblemWhereNoModelWasRead(String body) {
        assertThat(scan(body).problem()).startsWith("the body is not valid JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"model\":\"a\",\"x\":tru}", "{\"model\":\"a\"}}", "{\"model\":\"a\"} [", "{\"model\":\"a\""})
    void whatFollowsAModelIsTheServersToJudge(String body) {
        Inspection found = scan(body);
        assertThat(found.model()).isEqualTo("a");
        assertThat(found.problem()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "multipart/form-data; boundary=x, false",
        "application/octet-stream, false",
        "image/png, false",
        "audio/wav, false",
        "application/json, true",
        "text/plain, true",
        "application/x-www-form-urlencoded, true",
        "'', true",
    })
    void aBodyIsReadUnlessItsTypeSaysThatItIsSomethingElse(String type, boolean read) throws Exception {
        Headers headers = type.isEmpty() ? new Headers() : Headers.of("Content-Type", type);
        assertThat(inspect("{\"model\":\"a\"}", headers).model()).isEqualTo(read ? "a" : null);
    }

    @Test
    void aCompressedBodyIsNotRead() throws Exception {
        assertThat(inspect("{\"model\":\"a\"}", Headers.of("Content-Encoding", "gzip")))
                .isEqualTo(Inspection.NONE);
        assertThat(inspect("{\"model\":\"a\"}", Headers.of("Content-Encoding", "identity"))
                        .model())
                .isEqualTo("a");
    }

    @Test
    void anEmptyBodyTellsNothing() throws Exception {
        assertThat(inspect("", new Headers())).isEqualTo(Inspection.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {255, 256, 257, 300, 5_000})
    void aLargeBodyIsReadOnAThreadOfItsOwn(int kibibytes) throws Exception {
        String body = "{\"x\":\"" + "x".repeat(kibibytes * 1024) + "\",\"model\":\"a\",\"stream\":false}";
        Inspection found = inspect(body, new Headers());
        assertThat(found.model()).isEqualTo("a");
        assertThat(found.streaming()).isFalse();
    }

    @Test
    void aLargeBodyThatIsNoJsonIsAProblem() throws Exception {
        assertThat(inspect("x".repeat(300 * 1024), new Headers()).problem()).isNotNull();
    }

    private static Inspection scan(String body) {
        return new Inspector(512).scan(Body.of(body.getBytes(StandardCharsets.UTF_8)), false);
    }

    private static Inspection inspect(String text, Headers headers)
            throws InterruptedException, ExecutionException, TimeoutException {
        Body body = Body.of(text.getBytes(StandardCharsets.UTF_8));
        try (EventLoops loops = new EventLoops(1)) {
            CompletableFuture<Inspection> result = new CompletableFuture<>();
            var loop = loops.next();
            loop.execute(() -> new Inspector(512).inspect(body, headers, false, loop, result::complete));
            return result.get(20, TimeUnit.SECONDS);
        } finally {
            body.release();
        }
    }
}
