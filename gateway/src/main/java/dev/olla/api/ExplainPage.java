package dev.olla.api;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.http.Exchange;
import dev.olla.telemetry.DecisionRecord;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where the request in the body would go and why; nothing is sent: `/internal/explain`.
public final class ExplainPage {

    private static final String USUAL_PATH = "/olla/proxy/v1/chat/completions";

    private final Explainer explainer;

    /// Looks at a request without sending it.
    @FunctionalInterface
    public interface Explainer {

        /// @param told gets null when the path belongs to no proxy route; called on the event loop of the exchange
        void look(Exchange exchange, String path, Consumer<@Nullable DecisionRecord> told);
    }

    public ExplainPage(Explainer explainer) {
        this.explainer = explainer;
    }

    public void handle(Exchange exchange) {
        String asked = new Query(exchange).value("path");
        String path = asked == null ? USUAL_PATH : asked;
        explainer.look(exchange, path, foreseen -> {
            if (foreseen == null) {
                ErrorAnswer.respond(exchange, 404, "not_found", "no proxy route has the path that was asked for");
            } else {
                Json.respond(exchange, foreseen);
            }
        });
    }
}
