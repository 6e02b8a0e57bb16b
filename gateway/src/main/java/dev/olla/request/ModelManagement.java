package dev.olla.request;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.Fleet;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelRefresh;
import dev.olla.http.Headers;
import dev.olla.request.route.Candidate;
import dev.olla.request.route.ProviderScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Says which Ollamas a call that manages models goes to, and sees to it that what it changed is known soon. Safe
/// for all event loops.
///
/// @param refresh asks servers for their models
public record ModelManagement(Fleet fleet, ModelRefresh refresh) {

    /// Names endpoints, with commas between them.
    static final String TARGET = "X-Olla-Target";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Which servers a call goes to.
    sealed interface Choice {

        /// @param candidates at least one
        record Targets(List<Candidate> candidates) implements Choice {
            public Targets {
                candidates = List.copyOf(candidates);
            }
        }

        record Refused(int status, String code, String message) implements Choice {}
    }

    /// @param model what the body names; null when it names none
    Choice choose(Headers headers, ProviderScope scope, ManagementCall call, @Nullable String model) {
        FleetSnapshot snapshot = fleet.snapshot();
        List<String> named = headers.all(TARGET);
        if (!named.isEmpty()) {
            return named(snapshot, scope, names(named));
        }
        List<EndpointState> routable = snapshot.endpoints().stream()
                .filter(state -> isOllama(scope, state) && state.takesWork())
                .toList();
        if (routable.isEmpty()) {
            return new Choice.Refused(503, "no_endpoints", "No " + scope.label() + " endpoints available");
        }
        return call == ManagementCall.PUSH ? firstWith(snapshot, routable, model) : targets(routable);
    }

    private static boolean isOllama(ProviderScope scope, EndpointState state) {
        return scope.accepts(state) && state.profile().ollamaNative();
    }

    private static Set<String> names(List<String> values) {
        Set<String> names = new LinkedHashSet<>();
        for (String value : values) {
            for (String name : value.split(",", -1)) {
                if (!name.isBlank()) {
                    names.add(name.strip());
                }
            }
        }
        return names;
    }

    /// Those named, whatever state they are in: whoever names a server may well want one that takes no requests.
    private static Choice named(FleetSnapshot snapshot, ProviderScope scope, Set<String> names) {
        if (names.isEmpty()) {
            return new Choice.Refused(400, "invalid_target", TARGET + " names no endpoint");
        }
        List<EndpointState> states = new ArrayList<>();
        for (String name : names) {
            EndpointState state = find(snapshot, name);
            if (state == null) {
                return new Choice.Refused(404, "unknown_target", TARGET + ": there is no endpoint '" + name + "'");
            }
            if (!isOllama(scope, state)) {
                String kind = state.ofUnknownKind()
                        ? "of a kind not known yet"
                        : state.profile().name();
                String message = TARGET + ": endpoint '" + name + "' is no Ollama of this route, it is " + kind;
                return new Choice.Refused(400, "invalid_target", message);
            }
            states.add(state);
        }
        return targets(states);
    }

    private static @Nullable EndpointState find(FleetSnapshot snapshot, String name) {
        for (EndpointState state : snapshot.endpoints()) {
            if (state.endpoint().name().equals(name)) {
                return state;
            }
        }
        return null;
    }

    private static Choice targets(List<EndpointState> states) {
        return new Choice.Targets(states.stream()
                .map(state -> new Candidate(state.endpoint(), state.status(), null, true, null))
                .toList());
    }

    /// One copy in the registry is enough.
    private static Choice firstWith(FleetSnapshot snapshot, List<EndpointState> routable, @Nullable String model) {
        if (model == null) {
            return new Choice.Refused(400, "invalid_request", "model is required");
        }
        Set<Endpoint> holders = new LinkedHashSet<>();
        snapshot.catalogue().find(model).forEach(placement -> holders.add(placement.endpoint()));
        return routable.stream()
                .filter(state -> holders.contains(state.endpoint()))
                .min(Comparator.comparingInt(
                        state -> -state.endpoint().settings().priority()))
                .map(state -> targets(List.of(state)))
                .orElseGet(() -> new Choice.Refused(404, "model_not_found", "model '" + model + "' not found"));
    }

    /// The models of these servers may be others now.
    void changed(List<Candidate> targets) {
        refresh.refresh(targets.stream().map(Candidate::endpoint).toList(), PATIENCE, _ -> {});
    }
}
