package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EndpointsTest {

    @Test
    void hashesAsFnv1aInBase36() {
        assertThat(EndpointIds.hash("")).isEqualTo("ztntfp");
        assertThat(EndpointIds.hash("foobar")).isEqualTo("1h5yxyg");
    }

    @Test
    void showsNoCredentialQueryOrFragment() {
        assertThat(EndpointIds.sanitised(URI.create("HTTP://user:pass@Host:8080/v1/?key=secret#part")))
                .isEqualTo("http://Host:8080/v1/");
        assertThat(EndpointIds.sanitised(URI.create("http://[::1]:8080"))).isEqualTo("http://[::1]:8080");
    }

    @Test
    void numbersEndpointsThatWouldShareAnIdByNameAndThenByUrl() {
        List<String> ids = EndpointIds.of(List.of(
                at("b", "http://same:1/?x=2"),
                at("alone", "http://other:1"),
                at("b", "http://same:1/?x=1"),
                at("a", "http://same:1/")));
        String shared = EndpointIds.hash("http://same:1/");
        assertThat(ids)
                .containsExactly(shared + "-2", EndpointIds.hash("http://other:1"), shared + "-1", shared + "-0");
    }

    @Test
    void putsEachEndpointAtItsPlaceWithTheProfileOfItsType() {
        List<Endpoint> endpoints = Samples.endpoints(
                EndpointSettings.of("a", URI.create("http://a"), "ollama"),
                EndpointSettings.of("b", URI.create("http://b"), "auto"));
        assertThat(endpoints).extracting(Endpoint::position).containsExactly(0, 1);
        assertThat(endpoints).extracting(Endpoint::profile).containsExactly(Samples.OLLAMA, Samples.OPENAI);
        assertThat(endpoints.getFirst().id()).isEqualTo(EndpointIds.hash("http://a"));
    }

    @Test
    void namesTheEndpointWhoseTypeIsUnknown() {
        EndpointSettings settings = EndpointSettings.of("gpu-1", URI.create("http://a"), "abacus");
        assertThatThrownBy(() ->
                        Endpoints.of(List.of(settings), _ -> null, CircuitBreakerSettings.DEFAULTS, System::nanoTime))
                .hasMessageContaining("gpu-1")
                .hasMessageContaining("abacus");
    }

    @Test
    void keepsTheBasePathBeforeAHealthCheckPath() {
        assertThat(health("http://h/api/", "/health")).isEqualTo("http://h/api/health");
        assertThat(health("http://h/api", "health?deep=1")).isEqualTo("http://h/api/health?deep=1");
        assertThat(health("http://h:8080", "/")).isEqualTo("http://h:8080/");
        assertThat(health("http://[::1]:8080/x", "/up")).isEqualTo("http://[::1]:8080/x/up");
    }

    @Test
    void usesAnAbsoluteHealthCheckUrlUnchanged() {
        assertThat(health("http://h/api/", "https://other:9/up?x=1")).isEqualTo("https://other:9/up?x=1");
    }

    @Test
    void fallsBackToTheProfilesPaths() {
        Endpoint endpoint = Samples.endpoint(EndpointSettings.of("a", URI.create("http://h/base"), "vllm"));
        assertThat(EndpointUrls.health(endpoint, endpoint.profile())).hasToString("http://h/base/health");
        assertThat(EndpointUrls.models(endpoint, endpoint.profile())).hasToString("http://h/base/v1/models");
    }

    @Test
    void namesTheEndpointWhoseHealthCheckUrlCantBeUsed() {
        assertThatThrownBy(() -> health("http://h", "/a b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("health_check_url");
        assertThatThrownBy(() -> health("http://h", "http:///up")).hasMessageContaining("health_check_url");
    }

    private static EndpointSettings at(String name, String url) {
        return EndpointSettings.of(name, URI.create(url), "ollama");
    }

    private static String health(String url, String healthCheckUrl) {
        EndpointSettings usual = at("a", url);
        EndpointSettings settings = new EndpointSettings(
                "a",
                usual.url(),
                "ollama",
                100,
                healthCheckUrl,
                null,
                usual.checkInterval(),
                usual.checkTimeout(),
                false,
                NameFilter.ALL,
                Map.of());
        return EndpointUrls.health(
                        Samples.endpoint(settings), Samples.endpoint(settings).profile())
                .toString();
    }
}
