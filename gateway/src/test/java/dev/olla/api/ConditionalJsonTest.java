package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointStatus;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConditionalJsonTest {

    private final FakeFleet fleet = new FakeFleet();
    private Instant now = FakeFleet.NOW;
    private Endpoint endpoint;

    @BeforeEach
    void oneEndpoint() {
        endpoint = fleet.add("rack-a", FakeFleet.OLLAMA, 100);
    }

    private FakeExchange ask(String... headers) {
        FakeExchange exchange = FakeExchange.get("/internal/status/endpoints", headers);
        new EndpointsPage(fleet, () -> now).handle(exchange);
        return exchange;
    }

    private String tag() {
        return Objects.requireNonNull(ask().header("ETag"));
    }

    @Test
    void theTagIsWeakAndShort() {
        assertThat(tag()).matches("W/\"[0-9a-z]{1,13}\"");
        assertThat(ask().header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(ask().header("Vary")).isEqualTo("Accept-Encoding");
    }

    @Test
    void timeAloneChangesNoTag() {
        String before = tag();
        now = now.plusSeconds(3600);

        assertThat(tag()).isEqualTo(before);
    }

    @Test
    void aStatusChangesTheTag() {
        String before = tag();
        fleet.set(endpoint, EndpointStatus.OFFLINE);

        assertThat(tag()).isNotEqualTo(before);
    }

    @Test
    void aRequestChangesTheTag() {
        String before = tag();
        endpoint.statistics().started();

        assertThat(tag()).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "\"a\", %s", "W/\"a\" ,%s,\"b\"", "*", " * "})
    void aKnownTagIsAnsweredBare(String form) {
        FakeExchange exchange = ask("If-None-Match", form.replace("%s", tag()));

        assertThat(exchange.status()).isEqualTo(304);
        assertThat(exchange.bytes()).isEmpty();
        assertThat(exchange.header("ETag")).isEqualTo(tag());
        assertThat(exchange.header("Vary")).isEqualTo("Accept-Encoding");
        assertThat(exchange.header("Content-Type")).isNull();
    }

    @Test
    void tagsCompareWeakly() {
        assertThat(ask("If-None-Match", tag().substring(2)).status()).isEqualTo(304);
    }

    @Test
    void anotherTagOrAnOverlongListDoesNotMatch() {
        assertThat(ask("If-None-Match", "W/\"other\"").status()).isEqualTo(200);
        assertThat(ask("If-None-Match", "").status()).isEqualTo(200);
        assertThat(ask("If-None-Match", "\"" + "x".repeat(1024) + "\", " + tag())
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate, GZIP;q=0.5", "br;q=1, gzip ; q=1.0", "*", "identity, *;q=0.1"})
    void compressesForClientsThatTakeIt(String accepted) {
        FakeExchange exchange = ask("Accept-Encoding", accepted);

        assertThat(exchange.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(exchange.header("Vary")).isEqualTo("Accept-Encoding");
        assertThat(exchange.gunzippedJson()).isEqualTo(ask().json());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "br", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "gzip;q=high"})
    void compressesForNobodyElse(String accepted) {
        assertThat(ask("Accept-Encoding", accepted).header("Content-Encoding")).isNull();
    }

    @Test
    void smallBodiesAreNotCompressed() {
        FakeExchange exchange = FakeExchange.get("/internal/status/endpoints", "Accept-Encoding", "gzip");
        new EndpointsPage(new FakeFleet(), () -> now).handle(exchange);

        assertThat(exchange.header("Content-Encoding")).isNull();
        assertThat(exchange.json().path("total_count").asInt()).isZero();
    }
}
