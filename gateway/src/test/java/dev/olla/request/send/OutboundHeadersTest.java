package dev.olla.request.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointStatus;
import dev.olla.http.Body;
import dev.olla.http.Headers;
import dev.olla.http.RequestHead;
import dev.olla.request.SampleFleet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundHeadersTest {

    private final OutboundHeaders outbound = new OutboundHeaders("1.2.3");

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
                "Cookie",
                "X-Api-Key",
                "X-Auth-Token",
                "Expect",
                "Content-Length",
                "Host",
                "aUTHORIZATION",
                "x-api-KEY"
            })
    void whatIsForTheGatewayAloneStaysThere(String name) {
        assertThat(sent(Headers.of(name, "x")).contains(name)).isFalse();
    }

    @Test
    void headersNamedInConnectionStayToo() {
        Headers sent = sent(Headers.of(
                "Connection", "close, X-One ,x-two",
                "X-One", "1",
                "X-TWO", "2",
                "Connection", "X-Three",
                "X-Three", "3",
                "X-Four", "4"));
        assertThat(sent.contains("X-One")).isFalse();
        assertThat(sent.contains("X-Two")).isFalse();
        assertThat(sent.contains("X-Three")).isFalse();
        assertThat(sent.first("X-Four")).isEqualTo("4");
    }

    @Test
    void everythingElseIsCopiedInOrder() {
        Headers sent = sent(Headers.of(
                "Content-Type", "application/json",
                "X-Request-ID", "me",
                "X-Olla-Session-ID", "s",
                "Accept", "a",
                "Accept", "b"));
        assertThat(sent.first("Content-Type")).isEqualTo("application/json");
        assertThat(sent.first("X-Request-ID")).isEqualTo("me");
        assertThat(sent.first("X-Olla-Session-ID")).isEqualTo("s");
        assertThat(sent.all("Accept")).containsExactly("a", "b");
    }

    @Test
    void theGatewayTellsOfItself() {
        Headers sent = sent(Headers.of("Host", "gateway:40114"));
        assertThat(sent.first("X-Proxied-By")).isEqualTo("Olla/1.2.3");
        assertThat(sent.all("Via")).containsExactly("1.1 olla/1.2.3");
        assertThat(sent.first("X-Real-IP")).isEqualTo("10.0.0.7");
        assertThat(sent.all("X-Forwarded-For")).containsExactly("10.0.0.7");
        assertThat(sent.first("X-Forwarded-Proto")).isEqualTo("http");
        assertThat(sent.first("X-Forwarded-Host")).isEqualTo("gateway:40114");
        assertThat(sent.contains("X-Model")).isFalse();
    }

    @Test
    void whatEarlierProxiesToldIsKeptAndThePeerIsAppended() {
        Headers sent = sent(Headers.of(
                "Via", "1.1 first",
                "X-Forwarded-For", "1.1.1.1, 2.2.2.2",
                "X-Forwarded-For", "3.3.3.3",
                "X-Real-IP", "1.1.1.1",
                "X-Forwarded-Proto", "https",
                "X-Forwarded-Host", "public.example",
                "Host", "inner"));
        assertThat(sent.all("Via")).containsExactly("1.1 first, 1.1 olla/1.2.3");
        assertThat(sent.all("X-Forwarded-For")).containsExactly("1.1.1.1, 2.2.2.2, 3.3.3.3, 10.0.0.7");
        assertThat(sent.all("X-Real-IP")).containsExactly("1.1.1.1");
        assertThat(sent.all("X-Forwarded-Proto")).containsExactly("https");
        assertThat(sent.all("X-Forwarded-Host")).containsExactly("public.example");
    }

    @ParameterizedTest
    @CsvSource({"Llama3.2, llama3.2", "模型:8B, ??:8b", "'a\r\nX-Evil: 1', 'a??x-evil: 1'"})
    void theModelIsNamedInACleanHeader(String model, String shown) {
        Headers sent = outbound.of(outgoing(Headers.of("X-Model", "forged"), model), endpoint(Map.of()));
        assertThat(sent.all("X-Model")).containsExactly(shown);
    }

    @Test
    void theEndpointsOwnHeadersWin() {
        Headers sent = outbound.of(
                outgoing(Headers.of("X-Team", "client", "X-Team", "again", "Content-Type", "text/plain"), "m"),
                endpoint(Map.of("Authorization", "Bearer secret", "X-Team", "gateway", "Content-Type", "a/b")));
        assertThat(sent.all("Authorization")).containsExactly("Bearer secret");
        assertThat(sent.all("X-Team")).containsExactly("gateway");
        assertThat(sent.all("Content-Type")).containsExactly("a/b");
    }

    private Headers sent(Headers client) {
        return outbound.of(outgoing(client, null), endpoint(Map.of()));
    }

    private static Outgoing outgoing(Headers client, @Nullable String model) {
        return new Outgoing(
                "id",
                new RequestHead("POST", "/", 1, client),
                new InetSocketAddress(InetAddress.ofLiteral("10.0.0.7"), 1234),
                "/",
                Body.empty(),
                model,
                -1,
                -1,
                new RequestLimits(ProxySettings.DEFAULTS).of(false),
                true);
    }

    private static Endpoint endpoint(Map<String, String> headers) {
        return new SampleFleet()
                .with(
                        SampleFleet.settings(URI.create("http://h"), "e", "vllm", 100, false, headers),
                        EndpointStatus.HEALTHY)
                .endpoint("e");
    }
}
