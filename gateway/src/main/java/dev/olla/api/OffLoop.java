package dev.olla.api;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.http.DetachedExchange;
import dev.olla.http.Exchange;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has an answer made on a thread of its own, so that a long one holds up nobody else on its event loop.
public final class OffLoop {

    private static final Logger log = LoggerFactory.getLogger(OffLoop.class);

    private OffLoop() {}

    /// @param handler called on a virtual thread; may wait, and answers by nothing but [Exchange#respond]
    /// @return to be called on the exchange's event loop
    public static Consumer<Exchange> of(Consumer<Exchange> handler) {
        return exchange -> Thread.ofVirtual().name("page").start(() -> answer(handler, new DetachedExchange(exchange)));
    }

    private static void answer(Consumer<Exchange> handler, Exchange exchange) {
        try {
            handler.accept(exchange);
        } catch (RuntimeException e) {
            log.error("the answer to {} broke", exchange.path(), e);
            ErrorAnswer.respond(exchange, 500, "internal_error", "internal error");
        }
    }
}
