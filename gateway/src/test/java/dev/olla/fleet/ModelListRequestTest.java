package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Fetched;
import dev.olla.http.UpstreamFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelListRequestTest {

    private final ScriptedFetcher fetcher = new ScriptedFetcher();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | false | 401: the server asks for a credential: set auth under this endpoint",
                "403 | false | 403: the server asks for a credential: set auth under this endpoint",
                "404 | false | 404: nothing at /v1/models: set model_url or type",
                "429 | false | 429: the server asks for a pause; the next run tries again",
                "400 | false | 400: no model list at /v1/models: check model_url, type and headers",
                "500 | true | 500: the server failed to list its models at /v1/models: see its log",
                "204 | true | 204: no model list at /v1/models: check model_url, type and headers"
            })
    void saysWhatToFix(int status, boolean temporary, String words) throws InterruptedException {
        assertThat(ask(Map.of(), Samples.answer(status)))
                .isEqualTo(new ModelListRequest.Outcome.Problem(words, temporary, status == 404));
    }

    @Test
    void tellsAWrongCredentialFromNone() throws InterruptedException {
        assertThat(words(ask(Map.of("authorization", "Bearer s3cret"), Samples.answer(401))))
                .isEqualTo("401: the server refuses the credential: check auth under this endpoint");
    }

    @Test
    void namesTheSettingThatEndedTheWait() throws InterruptedException {
        assertThat(words(ask(Map.of(), Samples.failure(Kind.TOTAL_TIMEOUT))))
                .contains("/v1/models", "3000ms", "model_discovery.timeout");
    }

    @Test
    void doesNotTakeAWebPageForAList() throws InterruptedException {
        assertThat(words(ask(Map.of(), Samples.answer(200, "<html>"))))
                .isEqualTo("the answer of /v1/models is not JSON: set model_url or type");
    }

    @Test
    void doesNotGuessTheFormatOfAKnownKind() throws InterruptedException {
        assertThat(words(ask(Map.of(), Samples.answer(200, "{\"models\":[{\"name\":\"m\"}]}"))))
                .isEqualTo("the answer of /v1/models has no \"data\" array: set model_url or type");
    }

    @Test
    void showsNoQuery() throws InterruptedException {
        fetcher.on("http://gpu/list?key=s3cret", Samples.answer(404));
        assertThat(words(request("/list?key=s3cret", Map.of()).ask(Samples.VLLM, Duration.ofSeconds(3))))
                .isEqualTo("404: nothing at /list: set model_url or type");
    }

    private ModelListRequest.Outcome ask(Map<String, String> headers, Fetched answer) throws InterruptedException {
        fetcher.on("http://gpu/v1/models", answer);
        return request("/v1/models", headers).ask(Samples.VLLM, Duration.ofSeconds(3));
    }

    private ModelListRequest request(String modelUrl, Map<String, String> headers) {
        Endpoint endpoint =
                Samples.endpoint(Samples.settings("gpu", "vllm", 5_000, null, modelUrl, NameFilter.ALL, headers));
        return new ModelListRequest(
                endpoint,
                new Surroundings(fetcher, "1.2", () -> Instant.EPOCH, System::nanoTime, new SplittableRandom(1)));
    }

    private static String words(ModelListRequest.Outcome outcome) {
        return ((ModelListRequest.Outcome.Problem) outcome).words();
    }
}
