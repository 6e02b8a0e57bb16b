package dev.olla.api;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.http.Loop;
import java.time.Duration;
import java.util.function.Consumer;

/// Holds requests that need the model lists of the fleet until its first round is over, for a while.
///
/// So a client that comes right after the start gets the models a moment later, instead of an empty list at once.
public final class WhenReady {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Fleet fleet;
    private final Consumer<Exchange> handler;

    /// @param handler answers once the fleet is ready; called on the exchange's event loop
    public WhenReady(Fleet fleet, Consumer<Exchange> handler) {
        this.fleet = fleet;
        this.handler = handler;
    }

    public void handle(Exchange exchange) {
        if (fleet.ready()) {
            handler.accept(exchange);
            return;
        }
        Waiting waiting = new Waiting(exchange);
        fleet.whenReady(() -> exchange.loop().execute(waiting::proceed));
    }

    /// One held request; lives on its event loop.
    private final class Waiting {

        private final Exchange exchange;
        private final Loop.Timer timer;
        private boolean over;

        Waiting(Exchange exchange) {
            this.exchange = exchange;
            timer = exchange.after(PATIENCE, this::giveUp);
            exchange.onClientGone(this::end);
        }

        void proceed() {
            if (!over) {
                end();
                handler.accept(exchange);
            }
        }

        private void giveUp() {
            if (!over) {
                end();
                ErrorAnswer.respond(
                        exchange,
                        503,
                        "starting",
                        "starting: the first look at the inference servers is not over yet",
                        Headers.of("Retry-After", "1"));
            }
        }

        private void end() {
            over = true;
            timer.cancel();
        }
    }
}
