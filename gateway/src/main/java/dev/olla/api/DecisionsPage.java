package dev.olla.api;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.http.Exchange;
import dev.olla.telemetry.DecisionRecord;
import dev.olla.telemetry.Decisions;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The records of the last requests, youngest first: `/internal/requests` and `/internal/requests/{id}`.
public final class DecisionsPage {

    private static final String PREFIX = "/internal/requests/";
    private static final int USUAL_LIMIT = 100;

    private final Supplier<Decisions> decisions;

    public DecisionsPage(Supplier<Decisions> decisions) {
        this.decisions = decisions;
    }

    public void list(Exchange exchange) {
        Query query = new Query(exchange);
        Integer limit = limit(query.value("limit"));
        if (limit == null) {
            ErrorAnswer.respond(exchange, 400, "unsupported_parameter", "limit must be a whole number above zero");
            return;
        }
        List<DecisionRecord> records = decisions.get().newest(limit, wanted(query)).stream()
                .map(entry -> entry.record().get())
                .toList();
        Json.respond(exchange, new Page(records.size(), records));
    }

    /// Null for what is no limit.
    private static @Nullable Integer limit(@Nullable String text) {
        if (text == null) {
            return USUAL_LIMIT;
        }
        return text.matches("[1-9][0-9]{0,8}") ? Integer.valueOf(text) : null;
    }

    private static Predicate<Decisions.Entry> wanted(Query query) {
        String model = query.value("model");
        String endpoint = query.value("endpoint");
        String outcome = query.value("outcome");
        return entry -> (model == null || model.equalsIgnoreCase(entry.model()))
                && (endpoint == null || endpoint.equals(entry.endpoint()))
                && (outcome == null || outcome.equals(entry.outcome()));
    }

    public void one(Exchange exchange) {
        String id = Query.decodedPath(exchange.path().substring(PREFIX.length()));
        Decisions.Entry entry = id == null ? null : decisions.get().find(id);
        if (entry == null) {
            ErrorAnswer.respond(exchange, 404, "not_found", "no request of that id is remembered");
            return;
        }
        Json.respond(exchange, entry.record().get());
    }

    record Page(int count, List<DecisionRecord> requests) {}
}
