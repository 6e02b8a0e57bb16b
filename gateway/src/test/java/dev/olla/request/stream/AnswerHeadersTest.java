package dev.olla.request.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.dialect.ApiCall;
import dev.olla.dialect.translate.AnswerTranslation;
import dev.olla.fleet.AnswerFormulas;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointStatus;
import dev.olla.http.Headers;
import dev.olla.http.ResponseHead;
import dev.olla.request.SampleFleet;
import dev.olla.request.route.RoutingLabel;
import dev.olla.request.send.BodyListener;
import dev.olla.request.send.UpstreamResponse;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerHeadersTest {

    private static final Endpoint ENDPOINT = new SampleFleet()
            .with(
                    SampleFleet.settings(
                            URI.create("http://h"), "box-a", "lmstudio", 100, false, Map.of("X-Tenant", "secret")),
                    EndpointStatus.HEALTHY)
            .endpoint("box-a");

    private static final Headers NOTHING = new Headers();

    private final AnswerHeaders answers = new AnswerHeaders("1.2.3", false);

    @Test
    void theGatewayTellsWhoAnsweredAndWhy() {
        Headers headers = answers.of(
                NOTHING,
                new Answered(Headers.of("Content-Type", "application/json", "X-Server", "mine")),
                "Llama3.2",
                new RoutingLabel("strict", "routed", "model_found"),
                12);
        assertThat(headers.first("X-Olla-Endpoint")).isEqualTo("box-a");
        assertThat(headers.first("X-Olla-Backend-Type")).isEqualTo("lmstudio");
        assertThat(headers.first("X-Olla-Model")).isEqualTo("llama3.2");
        assertThat(headers.first("X-Olla-Response-Time")).isEqualTo("12ms");
        assertThat(headers.first("X-Olla-Routing-Strategy")).isEqualTo("strict");
        assertThat(headers.first("X-Olla-Routing-Decision")).isEqualTo("routed");
        assertThat(headers.first("X-Olla-Routing-Reason")).isEqualTo("model_found");
        assertThat(headers.first("X-Served-By")).isEqualTo("Olla/1.2.3");
        assertThat(headers.first("Via")).isEqualTo("1.1 olla/1.2.3");
        assertThat(headers.first("Content-Type")).isEqualTo("application/json");
        assertThat(headers.first("X-Server")).isEqualTo("mine");
    }

    @Test
    void withoutAModelNothingIsSaidOfOne() {
        Headers headers = answers.of(NOTHING, new Answered(new Headers()), null, null, 0);
        assertThat(headers.contains("X-Olla-Model")).isFalse();
        assertThat(headers.contains("X-Olla-Routing-Strategy")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "Keep-Alive",
                "Proxy-Authenticate",
                "Proxy-Authorization",
                "Proxy-Connection",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "Authorization",
                "X-Api-Key",
                "X-Auth-Token",
                "Set-Cookie",
                "set-cookie",
                "Content-Length",
                "X-Olla-Anything",
                "x-olla-mode",
                "X-Olla-Ab",
                "X-Olla-Model",
                "X-Olla-Request-ID",
                "X-Olla-Session-ID",
                "X-Olla-Routing-Reason",
                "X-Tenant",
                "x-tenant"
            })
    void whatConcernsOnlyTheServersConnectionOrCouldRevealACredentialIsDropped(String name) {
        Headers headers = answers.of(NOTHING, new Answered(Headers.of(name, "x")), null, null, 0);
        assertThat(headers.all(name)).doesNotContain("x");
    }

    @Test
    void headersNamedInConnectionAreDropped() {
        Headers headers = answers.of(
                NOTHING,
                new Answered(Headers.of("Connection", "x-hop, close", "X-Hop", "1", "X-End", "2")),
                null,
                null,
                0);
        assertThat(headers.contains("X-Hop")).isFalse();
        assertThat(headers.first("X-End")).isEqualTo("2");
    }

    @Test
    void aServerCannotSpeakForTheGateway() {
        Headers headers = answers.of(
                NOTHING,
                new Answered(Headers.of(
                        "X-Olla-Endpoint", "forged", "X-Olla-Request-ID", "forged", "X-Served-By", "forged")),
                "m",
                null,
                0);
        assertThat(headers.all("X-Olla-Endpoint")).containsExactly("box-a");
        assertThat(headers.contains("X-Olla-Request-ID")).isFalse();
        assertThat(headers.all("X-Served-By")).containsExactly("Olla/1.2.3");
    }

    @Test
    void whatEveryAnswerCarriesReplacesTheServersWordAndVaryAddsUp() {
        Headers standing = Headers.of("X-RateLimit-Limit", "100", "Vary", "Origin");
        Headers headers = answers.of(
                standing,
                new Answered(Headers.of(
                        "x-ratelimit-limit", "7", "Vary", "Accept", "Access-Control-Allow-Origin", "http://h")),
                null,
                null,
                0);
        assertThat(headers.contains("X-RateLimit-Limit")).isFalse();
        assertThat(headers.all("Vary")).containsExactly("Accept");
        assertThat(headers.first("Access-Control-Allow-Origin")).isEqualTo("http://h");
    }

    @Test
    void onlyOneOfTheTwoTellsBrowsersWhatIsAllowed() {
        Headers headers = new AnswerHeaders("1.2.3", true)
                .of(NOTHING, new Answered(Headers.of("access-control-allow-origin", "http://h")), null, null, 0);
        assertThat(headers.contains("Access-Control-Allow-Origin")).isFalse();
    }

    @Test
    void theGatewayIsTheLastOfThoseThatAnAnswerCameBy() {
        Headers headers =
                answers.of(NOTHING, new Answered(Headers.of("Via", "1.1 inner", "Via", "1.0 mid")), null, null, 0);
        assertThat(String.join(", ", headers.all("Via"))).isEqualTo("1.1 inner, 1.0 mid, 1.1 olla/1.2.3");
    }

    @ParameterizedTest
    @CsvSource({"模型:8B, ??:8b", "'a\r\nX-Evil: 1', 'a??x-evil: 1'", "'\u0000\u007f', ??"})
    void aModelOfAnyCharactersMakesALegalHeader(String model, String shown) {
        Headers headers = answers.of(NOTHING, new Answered(new Headers()), model, null, 0);
        assertThat(headers.all("X-Olla-Model")).containsExactly(shown);
    }

    private record Answered(Headers headers) implements UpstreamResponse {

        @Override
        public @Nullable ApiCall spoken() {
            return null;
        }

        @Override
        public @Nullable AnswerTranslation translation() {
            return null;
        }

        @Override
        public void giveUp() {}

        @Override
        public void send(io.netty.buffer.ByteBuf data) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean writable() {
            return false;
        }

        @Override
        public AnswerFormulas metrics() {
            return AnswerFormulas.NONE;
        }

        @Override
        public ResponseHead head() {
            return new ResponseHead(200, headers);
        }

        @Override
        public Endpoint endpoint() {
            return ENDPOINT;
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public void deliverTo(BodyListener listener) {}

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public void isStream() {}
    }
}
