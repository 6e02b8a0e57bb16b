package dev.olla.api;

import dev.olla.fleet.EndpointKind;
import dev.olla.fleet.EndpointSettings;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.EndpointStatus;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.telemetry.EndpointStatistics;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An endpoint as every status page shows it, its status taken once for the whole page.
record ShownEndpoint(EndpointState state, EndpointStatus current) {

    /// Priority first, healthy before the rest, then by name.
    private static final Comparator<ShownEndpoint> ORDER = Comparator.comparingInt(
                    (ShownEndpoint shown) -> -shown.state.endpoint().priority())
            .thenComparing(shown -> !shown.healthy())
            .thenComparing(shown -> shown.state.endpoint().name())
            .thenComparing(shown -> shown.state.endpoint().id());

    /// Every endpoint, in the order of the status pages.
    static List<ShownEndpoint> all(FleetSnapshot snapshot) {
        return snapshot.endpoints().stream()
                .map(ShownEndpoint::of)
                .sorted(ORDER)
                .toList();
    }

    static ShownEndpoint of(EndpointState state) {
        return new ShownEndpoint(state, state.status());
    }

    /// The word shown.
    String status() {
        return current.word();
    }

    /// Whether requests go there as usual.
    boolean routable() {
        return current.routable();
    }

    boolean healthy() {
        return current == EndpointStatus.HEALTHY;
    }

    /// Whether the probes found it down.
    boolean unavailable() {
        return current == EndpointStatus.OFFLINE || current == EndpointStatus.UNHEALTHY;
    }

    EndpointStatistics statistics() {
        return state.endpoint().statistics();
    }

    /// The configured URL without what may be secret: userinfo, query and fragment.
    String url() {
        URI url = state.endpoint().settings().url();
        String path = url.getRawPath();
        return state.endpoint().origin() + (path == null ? "" : path);
    }

    /// `auto` where the configuration leaves the type to detection, else null.
    @Nullable
    String configuredType() {
        String type = state.endpoint().settings().type();
        return type.equals(EndpointSettings.AUTO) ? type : null;
    }

    /// What to change in the configuration; null where nothing is wrong.
    @Nullable
    List<String> advice() {
        String problem = state.modelProblem();
        String old = tooOld();
        if (problem == null) {
            return old == null ? null : List.of(old);
        }
        return old == null ? List.of(problem) : List.of(problem, old);
    }

    private @Nullable String tooOld() {
        EndpointKind kind = state.kind();
        return kind.tooOldForAnthropic()
                ? "version " + kind.version() + ": the server takes Anthropic's Messages API from "
                        + kind.profile().api().anthropic().minVersion()
                        + " on, until then its requests are translated: update the server"
                : null;
    }

    /// Null without any success.
    @Nullable
    Long averageMillis() {
        return statistics().successes() == 0 ? null : statistics().averageMillis();
    }

    boolean oftenFails() {
        return statistics().requests() > 10 && SuccessRate.of(statistics()).below(90);
    }
}
