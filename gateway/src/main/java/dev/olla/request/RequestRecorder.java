package dev.olla.request;

import dev.olla.dialect.Dialect;
import dev.olla.fleet.EndpointState;
import dev.olla.request.route.Candidate;
import dev.olla.request.route.Explanation;
import dev.olla.request.route.ModelRouting;
import dev.olla.request.route.PathRules;
import dev.olla.request.route.Route;
import dev.olla.request.route.RoutingDecision;
import dev.olla.request.route.RoutingLabel;
import dev.olla.request.select.Score;
import dev.olla.telemetry.AnswerFigures;
import dev.olla.telemetry.DecisionRecord;
import dev.olla.telemetry.DecisionRecord.Considered;
import dev.olla.telemetry.DecisionRecord.Tried;
import dev.olla.telemetry.Decisions;
import dev.olla.telemetry.Logging;
import dev.olla.telemetry.ModelStatistics;
import dev.olla.telemetry.ModelUse;
import dev.olla.telemetry.RequestOutcome;
import dev.olla.telemetry.TranslatorStatistics;
import dev.olla.telemetry.TranslatorUse;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps for every request how it was decided and what became of it, and counts it for its model. Safe for all
/// threads.
public final class RequestRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(Logging.REQUESTS);

    /// What an entry takes without its parts, about.
    private static final int ENTRY_BYTES = 500;

    private final Decisions decisions;
    private final ModelStatistics models;
    private final TranslatorStatistics translators;
    private final Explanation explanation;
    private final InstantSource clock;

    public RequestRecorder(
            Decisions decisions,
            ModelStatistics models,
            TranslatorStatistics translators,
            ModelRouting routing,
            InstantSource clock) {
        this.decisions = decisions;
        this.models = models;
        this.translators = translators;
        this.explanation = new Explanation(routing);
        this.clock = clock;
    }

    /// @param path as the server would see it
    RequestTrace begin(String path) {
        return new RequestTrace(clock.instant(), path);
    }

    void ended(RequestTrace trace, RequestOutcome outcome, InetSocketAddress peer) {
        addLastAttempt(trace, outcome);
        countFormats(trace, outcome);
        if (!trace.tried().isEmpty()) {
            count(trace, outcome, peer);
        }
        if (!decisions.keepsNone()) {
            decisions.add(new Decisions.Entry(
                    outcome.id(),
                    outcome.model(),
                    outcome.endpoint(),
                    RequestOutcome.word(outcome.result()),
                    weight(trace, outcome),
                    () -> record(trace, outcome)));
        }
        if (LOG.isDebugEnabled()) {
            LOG.atDebug()
                    .addKeyValue("request_id", outcome.id())
                    .addKeyValue("decision", record(trace, outcome).line())
                    .log("Request decided");
        }
    }

    /// Failed attempts are known already; one that was answered, or left alone by its client, ends with the
    /// request.
    private static void addLastAttempt(RequestTrace trace, RequestOutcome outcome) {
        String endpoint = outcome.endpoint();
        if (endpoint != null && outcome.attempts() > trace.tried().size()) {
            trace.tried(endpoint, outcome.status(), RequestOutcome.word(outcome.result()));
        }
    }

    private void count(RequestTrace trace, RequestOutcome outcome, InetSocketAddress peer) {
        String asked = outcome.model();
        if (asked == null) {
            return;
        }
        Candidate last = trace.candidate(outcome.endpoint());
        String sent = last == null || last.nativeModel() == null ? asked : last.nativeModel();
        RoutingLabel label = trace.label();
        models.add(new ModelUse(
                sent.toLowerCase(Locale.ROOT),
                peer.getAddress().getHostAddress(),
                trace.tried(),
                outcome.result(),
                outcome.bytes(),
                outcome.millis(),
                label != null && label.action().equals("fallback"),
                outcome.figures()));
    }

    /// Those of Anthropic's format all count, those of others where they were translated.
    private void countFormats(RequestTrace trace, RequestOutcome outcome) {
        RequestTrace.Formats formats = trace.formats();
        if (formats == null) {
            return;
        }
        Dialect to = formats.to();
        boolean crossed = formats.translated() && to != null;
        if (formats.from() != Dialect.ANTHROPIC && !crossed) {
            return;
        }
        boolean failed = outcome.status() >= 400
                || (outcome.result() != RequestOutcome.Result.SUCCESS
                        && outcome.result() != RequestOutcome.Result.CLIENT_LEFT);
        translators.add(new TranslatorUse(
                formats.from().word(),
                to == null ? null : to.word(),
                formats.translated(),
                trace.route() != null && trace.route().decision() instanceof RoutingDecision.Rejected,
                formats.streaming(),
                failed,
                outcome.millis()));
    }

    private static int weight(RequestTrace trace, RequestOutcome outcome) {
        Route route = trace.route();
        int endpoints = route == null ? 0 : route.fleet().endpoints().size();
        int texts =
                outcome.path().length() + trace.path().length() + outcome.id().length();
        String model = outcome.model();
        int named = model == null ? 0 : 2 * model.length();
        return ENTRY_BYTES
                + 2 * texts
                + named
                + 16 * endpoints
                + 48 * trace.candidates().size()
                + 80 * trace.tried().size();
    }

    private DecisionRecord record(RequestTrace trace, RequestOutcome outcome) {
        AnswerFigures told = outcome.figures();
        boolean counted = told.inputTokens() != null || told.outputTokens() != null;
        return new DecisionRecord(
                outcome.id(),
                trace.at().toString(),
                outcome.model(),
                format(trace),
                serverFormat(trace),
                routing(trace.label()),
                considered(trace, outcome.endpoint()),
                trace.queueMillis(),
                trace.tried(),
                RequestOutcome.word(outcome.result()),
                outcome.endpoint(),
                counted ? new DecisionRecord.Tokens(told.inputTokens(), told.outputTokens()) : null);
    }

    /// What would become of a request that was only looked at.
    DecisionRecord foreseen(String id, RequestTrace trace, @Nullable String model, @Nullable String endpoint) {
        return new DecisionRecord(
                id,
                trace.at().toString(),
                model,
                format(trace),
                serverFormat(trace),
                routing(trace.label()),
                considered(trace, endpoint),
                0,
                List.of(),
                null,
                endpoint,
                null);
    }

    private static DecisionRecord.@Nullable Routing routing(@Nullable RoutingLabel label) {
        return label == null ? null : new DecisionRecord.Routing(label.strategy(), label.action(), label.reason());
    }

    private static String format(RequestTrace trace) {
        String path = trace.path();
        if (PathRules.isOllamaNative(path)) {
            return Dialect.OLLAMA.word();
        }
        if (path.endsWith("/v1/messages")) {
            return Dialect.ANTHROPIC.word();
        }
        return path.endsWith("/responses") ? Dialect.RESPONSES.word() : Dialect.OPENAI.word();
    }

    /// Null where the server speaks the client's.
    private static @Nullable String serverFormat(RequestTrace trace) {
        RequestTrace.Formats formats = trace.formats();
        Dialect to = formats == null || !formats.translated() ? null : formats.to();
        return to == null ? null : to.word();
    }

    private List<Considered> considered(RequestTrace trace, @Nullable String chosen) {
        Route route = trace.route();
        if (route == null) {
            return List.of();
        }
        Explanation.Of explained = explanation.of(route);
        List<Considered> considered = new ArrayList<>();
        for (EndpointState state : route.fleet().endpoints()) {
            String name = state.endpoint().name();
            Candidate candidate = trace.candidate(name);
            considered.add(
                    candidate == null
                            ? new Considered(name, state.status().word(), null, explained.whyNot(state))
                            : candidate(trace, candidate, chosen));
        }
        return considered;
    }

    private static Considered candidate(RequestTrace trace, Candidate candidate, @Nullable String chosen) {
        String name = candidate.endpoint().name();
        String reason = name.equals(chosen) ? null : whyLost(trace, candidate, chosen);
        return new Considered(
                name, candidate.status().word(), trace.score(candidate).value(), reason);
    }

    private static String whyLost(RequestTrace trace, Candidate loser, @Nullable String chosen) {
        for (Tried tried : trace.tried()) {
            if (tried.endpoint().equals(loser.endpoint().name())) {
                return "was tried before: " + tried.result();
            }
        }
        Candidate winner = trace.candidate(chosen);
        if (winner != null && trace.pinned()) {
            return "the session is pinned to " + chosen;
        }
        Score score = trace.score(loser);
        double best = winner == null ? score.value() : trace.score(winner).value();
        String compared = best == score.value() ? "" : ", whose score is " + best + " to " + score.value();
        String made = score.words() == null ? "" : "; here: " + score.words().get();
        return Explanation.whyLost(loser, winner) + compared + made;
    }
}
