package dev.olla.request.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Headers;
import dev.olla.http.RequestHead;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorsTest {

    private static final String PREFLIGHT_VARY =
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

    private static CorsSettings settings(List<String> origins, List<String> headers, boolean credentials, int maxAge) {
        return new CorsSettings(
                true, origins, List.of("GET", "POST"), headers, List.of("X-A", "X-B"), credentials, maxAge);
    }

    private static RequestHead request(String method, String... headers) {
        return new RequestHead(method, "/olla/models", 1, Headers.of(headers));
    }

    private static Map<String, String> fields(Headers headers) {
        Map<String, String> fields = new TreeMap<>();
        headers.forEach(fields::put);
        return fields;
    }

    private static Map<String, String> answerTo(CorsSettings settings, RequestHead request) {
        Headers headers = new Headers();
        new Cors(settings).addTo(headers, request);
        return fields(headers);
    }

    private static Map<String, String> preflight(CorsSettings settings, String... headers) {
        return fields(new Cors(settings).preflight(request("OPTIONS", headers)));
    }

    @Test
    void aPreflightIsAnOptionsRequestThatNamesAMethod() {
        assertThat(Cors.isPreflight(request("OPTIONS", "Access-Control-Request-Method", "PUT")))
                .isTrue();
        assertThat(Cors.isPreflight(request("OPTIONS", "Access-Control-Request-Method", "")))
                .isFalse();
        assertThat(Cors.isPreflight(request("OPTIONS", "Origin", "https://a.example")))
                .isFalse();
        assertThat(Cors.isPreflight(request("GET", "Access-Control-Request-Method", "PUT")))
                .isFalse();
    }

    @Test
    void anAllowedPreflightIsToldWhatItAskedFor() {
        assertThat(preflight(
                        settings(List.of("https://a.example"), List.of("*"), true, 300),
                        "Origin",
                        "https://A.example",
                        "Access-Control-Request-Method",
                        "POST",
                        "Access-Control-Request-Headers",
                        "content-type,x-y"))
                .isEqualTo(Map.of(
                        "Vary", PREFLIGHT_VARY,
                        "Access-Control-Allow-Origin", "https://A.example",
                        "Access-Control-Allow-Methods", "POST",
                        "Access-Control-Allow-Headers", "content-type,x-y",
                        "Access-Control-Allow-Credentials", "true",
                        "Access-Control-Max-Age", "300"));
    }

    @Test
    void aPreflightForAnyOriginWithoutHeadersAndAgeIsShort() {
        assertThat(preflight(
                        settings(List.of("*"), List.of("*"), false, 0),
                        "Origin",
                        "null",
                        "Access-Control-Request-Method",
                        "OPTIONS"))
                .isEqualTo(Map.of(
                        "Vary", PREFLIGHT_VARY,
                        "Access-Control-Allow-Origin", "*",
                        "Access-Control-Allow-Methods", "OPTIONS"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://b.example | POST | content-type",
                "https://a.example | DELETE | content-type",
                "https://a.example | post | content-type",
                "https://a.example | POST | content-type, x-other",
                "'' | POST | content-type",
            })
    void aPreflightThatIsNotAllowedIsToldNothing(String origin, String method, String headers) {
        assertThat(preflight(
                        settings(List.of("https://a.example"), List.of("Content-Type"), true, 300),
                        "Origin",
                        origin,
                        "Access-Control-Request-Method",
                        method,
                        "Access-Control-Request-Headers",
                        headers))
                .isEqualTo(Map.of("Vary", PREFLIGHT_VARY));
    }

    @Test
    void otherAnswersTellWhatMayBeRead() {
        CorsSettings settings = settings(List.of("https://a.example"), List.of("*"), true, 300);
        assertThat(answerTo(settings, request("GET", "Origin", "https://a.example")))
                .isEqualTo(Map.of(
                        "Vary", "Origin",
                        "Access-Control-Allow-Origin", "https://a.example",
                        "Access-Control-Expose-Headers", "X-A, X-B",
                        "Access-Control-Allow-Credentials", "true"));
        assertThat(answerTo(settings, request("GET", "Origin", "https://b.example")))
                .isEqualTo(Map.of("Vary", "Origin"));
        assertThat(answerTo(settings, request("DELETE", "Origin", "https://a.example")))
                .isEqualTo(Map.of("Vary", "Origin"));
        assertThat(answerTo(settings, request("GET"))).isEqualTo(Map.of("Vary", "Origin"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example, https://a.example, true",
        "https://a.example, HTTPS://A.EXAMPLE, true",
        "https://a.example, http://a.example, false",
        "https://a.example, https://a.example:8443, false",
        "https://*.a.example, https://x.a.example, true",
        "https://*.a.example, https://x.y.a.example, true",
        "https://*.a.example, https://a.example, false",
        "https://*.a.example, https://x.a.example.evil, false",
        "http://localhost:*, http://localhost:3000, true",
        "http://localhost:*, http://localhost, false",
        "ab*ba, aba, false",
        "*, https://anything, true",
    })
    void oneStarInAnOriginStandsForAnything(String allowed, String origin, boolean expected) {
        assertThat(answerTo(settings(List.of(allowed), List.of("*"), false, 0), request("GET", "Origin", origin)))
                .satisfies(fields -> assertThat(fields.containsKey("Access-Control-Allow-Origin"))
                        .isEqualTo(expected));
    }

    @Test
    void emptyListsHaveAMeaning() {
        CorsSettings settings = new CorsSettings(true, List.of("*"), List.of(), List.of(), List.of(), false, 0);
        assertThat(settings.allowedMethods()).containsExactly("GET", "POST", "HEAD");
        assertThat(settings.allowedHeaders()).containsExactly("Accept", "Content-Type", "X-Requested-With");
        assertThat(settings.exposedHeaders()).hasSize(12).allMatch(name -> name.startsWith("X-Olla-"));
        assertThat(answerTo(settings, request("GET", "Origin", "https://a.example"))
                        .get("Access-Control-Expose-Headers"))
                .startsWith("X-Olla-Request-ID, X-Olla-Endpoint, X-Olla-Backend-Type, ");
    }
}
