package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Headers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WhenReadyTest {

    private final FakeFleet fleet = new FakeFleet();
    private final FakeExchange exchange = FakeExchange.get("/olla/models");
    private int handled;
    private final WhenReady whenReady = new WhenReady(fleet, asked -> {
        handled++;
        asked.respond(200, new Headers(), new byte[0]);
    });

    @Test
    void aReadyFleetAnswersAtOnce() {
        whenReady.handle(exchange);

        assertThat(exchange.status()).isEqualTo(200);
        assertThat(exchange.hasTimers()).isFalse();
    }

    @Test
    void waitsUntilTheFleetIsReady() {
        fleet.notReady();
        whenReady.handle(exchange);
        exchange.pass(Duration.ofSeconds(9));
        assertThat(exchange.hasBegun()).isFalse();

        fleet.becomesReady();

        assertThat(exchange.status()).isEqualTo(200);
        assertThat(exchange.hasTimers()).isFalse();
    }

    @Test
    void givesUpAfterTenSeconds() {
        fleet.notReady();
        whenReady.handle(exchange);

        exchange.pass(Duration.ofSeconds(10));

        assertThat(exchange.status()).isEqualTo(503);
        assertThat(exchange.header("Retry-After")).isEqualTo("1");
        assertThat(exchange.json().at("/error/code").asString()).isEqualTo("starting");
        fleet.becomesReady();
        assertThat(handled).isZero();
    }

    @Test
    void aClientThatLeftIsNotAnswered() {
        fleet.notReady();
        whenReady.handle(exchange);

        exchange.clientLeaves();
        fleet.becomesReady();

        assertThat(handled).isZero();
        assertThat(exchange.hasTimers()).isFalse();
    }
}
