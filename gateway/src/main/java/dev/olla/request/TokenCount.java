package dev.olla.request;

import dev.olla.dialect.ApiCall;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.ErrorAnswer;
import dev.olla.dialect.Json;
import dev.olla.dialect.anthropic.TokenEstimate;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.Inquiry;
import dev.olla.http.Body;
import dev.olla.http.Exchange;
import dev.olla.http.Fetched;
import dev.olla.http.Headers;
import dev.olla.request.inspect.Inspection;
import dev.olla.request.route.Candidate;
import dev.olla.request.route.ProviderScope;
import dev.olla.request.route.RouteRequest;
import dev.olla.request.route.RoutingDecision;
import dev.olla.request.route.Way;
import dev.olla.request.send.Sender;
import dev.olla.request.send.TargetPath;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Counts the tokens of a request of Anthropic's API: by a server that holds the model and counts them, else by an
/// estimate.
///
/// A request is counted where it stands: it takes no place of a server and is asked for once. Safe for all event
/// loops.
public final class TokenCount {

    private static final Logger LOG = LoggerFactory.getLogger(TokenCount.class);

    /// Clients ask before they send: a good estimate now is worth more than the exact count later.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int MAX_ANSWER = 64 * 1024;

    private final RequestPipeline pipeline;
    private final Inquiry inquiry;
    private final ProviderScope scope;

    /// @param scope of the route
    public TokenCount(RequestPipeline pipeline, Inquiry inquiry, ProviderScope scope) {
        this.pipeline = pipeline;
        this.inquiry = inquiry;
        this.scope = scope;
    }

    /// A server, and where it counts.
    private record Counter(Candidate candidate, String path) {}

    public void handle(Exchange exchange) {
        long most = pipeline.formats().settings().maxMessageSize();
        if (exchange.body().length() > most) {
            ErrorAnswer.respond(
                    exchange, 413, "request_too_large", "request body exceeds maximum size of " + most + " bytes");
            return;
        }
        pipeline.inspector()
                .inspect(
                        exchange.body(),
                        new Headers(),
                        false,
                        exchange.loop(),
                        found -> guarded(exchange, () -> count(exchange, found)));
    }

    private static void guarded(Exchange exchange, Runnable step) {
        if (exchange.clientGone()) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("Counting tokens failed by a fault of the gateway", e);
            ErrorAnswer.respond(exchange, 500, "internal_error", "the gateway failed to answer; see its log");
        }
    }

    private void count(Exchange exchange, Inspection found) {
        Counter counter = counter(found);
        if (counter == null) {
            estimate(exchange);
        } else {
            ask(exchange, found, counter);
        }
    }

    /// Who can be asked; a server that has the model in memory, if there is one. Null when nobody can.
    private @Nullable Counter counter(Inspection found) {
        if (found.model() == null) {
            return null;
        }
        RouteRequest wanted = RouteRequest.of(scope, ApiCall.MESSAGES.path(), ApiCall.MESSAGES, found);
        return switch (pipeline.routes().foresee(wanted).decision()) {
            case RoutingDecision.Rejected _ -> null;
            case RoutingDecision.Routed(List<Candidate> candidates, var _) -> {
                Counter first = null;
                for (Candidate candidate : candidates) {
                    Counter counter = counter(candidate);
                    if (counter != null
                            && (first == null
                                    || (candidate.loaded() && !first.candidate().loaded()))) {
                        first = counter;
                    }
                }
                yield first;
            }
        };
    }

    private @Nullable Counter counter(Candidate candidate) {
        EndpointState state = pipeline.fleet().snapshot().state(candidate.endpoint());
        boolean counts = state != null
                && state.takesWork()
                && candidate.place() != null
                && state.profile().api().anthropic().tokenCount();
        return counts && candidate.way() instanceof Way.AsItIs(String path, var _) && path != null
                ? new Counter(candidate, TargetPath.on(candidate.endpoint(), path + "/count_tokens"))
                : null;
    }

    private void ask(Exchange exchange, Inspection found, Counter counter) {
        Endpoint endpoint = counter.candidate().endpoint();
        String name = counter.candidate().nativeModel();
        Body body = exchange.body();
        Body sent = name == null || found.modelStart() < 0
                ? body.retain()
                : Sender.renamed(body, found.modelStart(), found.modelEnd(), name);
        inquiry.post(endpoint, counter.path(), ofTheFormat(exchange), sent, PATIENCE, MAX_ANSWER)
                .whenComplete((reply, fault) -> exchange.loop().execute(() -> {
                    sent.release();
                    Long counted = fault == null ? counted(reply.fetched()) : null;
                    guarded(exchange, () -> {
                        if (counted == null) {
                            estimate(exchange);
                        } else {
                            respond(exchange, counted, endpoint);
                        }
                    });
                }));
    }

    /// What a client tells of the form of its request.
    private static Headers ofTheFormat(Exchange exchange) {
        Headers client = exchange.request().headers();
        Headers kept = new Headers();
        for (String name : List.of("anthropic-version", "anthropic-beta")) {
            client.all(name).forEach(value -> kept.add(name, value));
        }
        return kept;
    }

    private static @Nullable Long counted(Fetched fetched) {
        if (!(fetched instanceof Fetched.Answer(int status, var _, Body body, var _)) || status != 200) {
            return null;
        }
        byte[] told = body.bytes();
        JsonNode tree = Json.treeOrNull(told, 0, told.length);
        JsonNode count = tree == null ? null : tree.path("input_tokens");
        return count != null && count.isIntegralNumber() && count.canConvertToLong() && count.longValue() >= 0
                ? count.longValue()
                : null;
    }

    private static void estimate(Exchange exchange) {
        Body body = exchange.body();
        body.read(
                exchange.loop(),
                "count",
                () -> estimated(body),
                told -> guarded(exchange, () -> told.accept(exchange)));
    }

    /// What the client is told.
    private sealed interface Told {

        record Tokens(long count) implements Told {}

        record Wrong(String message) implements Told {}

        default void accept(Exchange exchange) {
            switch (this) {
                case Tokens(long count) -> respond(exchange, count, null);
                case Wrong(String message) -> ErrorAnswer.respond(exchange, 400, "invalid_request", message);
            }
        }
    }

    private static Told estimated(Body body) {
        byte[] bytes;
        try {
            bytes = body.bytes();
        } catch (UncheckedIOException e) {
            LOG.warn("A request can't be read back", e);
            return new Told.Wrong("failed to read request body: it can't be read back");
        }
        try {
            return new Told.Tokens(TokenEstimate.of(Json.tree(bytes, 0, bytes.length)));
        } catch (BadRequest wrong) {
            return new Told.Wrong("failed to parse request: " + wrong.getMessage());
        }
    }

    /// @param by who counted; null for an estimate
    private static void respond(Exchange exchange, long count, @Nullable Endpoint by) {
        Headers headers = Headers.of("Content-Type", "application/json");
        if (by != null) {
            headers.add("X-Olla-Endpoint", Headers.printable(by.name()));
        }
        exchange.respond(200, headers, Json.bytes(Json.object().put("input_tokens", count)));
    }
}
