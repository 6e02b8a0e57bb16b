package dev.olla.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of one endpoint at one moment: the one place that says how it is.
///
/// @param probed what the last probes, and requests that could not reach it, tell
/// @param consecutiveFailures probes, and connections of live requests, that failed in a row
/// @param lastCheck null before the first probe
/// @param probeTook how long the last probe took; null before the first
/// @param nextCheck null before the first probe
/// @param models what the endpoint listed last, filtered; kept while it is down
/// @param modelsUpdated null before the first list
/// @param modelProblem what is wrong with the model list, in words that say what to fix; null where nothing is
/// @param kind what the server is taken for
public record EndpointState(
        Endpoint endpoint,
        EndpointStatus probed,
        int consecutiveFailures,
        @Nullable Instant lastCheck,
        @Nullable Duration probeTook,
        @Nullable Instant nextCheck,
        List<DiscoveredModel> models,
        @Nullable Instant modelsUpdated,
        @Nullable String modelProblem,
        EndpointKind kind) {

    public EndpointState {
        models = List.copyOf(models);
    }

    /// Of a server whose kind nobody looked at yet.
    public EndpointState(
            Endpoint endpoint,
            EndpointStatus probed,
            int consecutiveFailures,
            @Nullable Instant lastCheck,
            @Nullable Duration probeTook,
            @Nullable Instant nextCheck,
            List<DiscoveredModel> models,
            @Nullable Instant modelsUpdated,
            @Nullable String modelProblem) {
        this(
                endpoint,
                probed,
                consecutiveFailures,
                lastCheck,
                probeTook,
                nextCheck,
                models,
                modelsUpdated,
                modelProblem,
                EndpointKind.configured(endpoint));
    }

    /// An endpoint of which nothing is known yet.
    public static EndpointState unknown(Endpoint endpoint) {
        return new EndpointState(endpoint, EndpointStatus.UNKNOWN, 0, null, null, null, List.of(), null, null);
    }

    /// The same knowledge of the same server under a new configuration; models that its filter no longer admits are
    /// gone.
    EndpointState carriedOverTo(Endpoint successor) {
        return new EndpointState(
                successor,
                probed,
                consecutiveFailures,
                lastCheck,
                probeTook,
                nextCheck,
                models.stream()
                        .filter(model -> successor.settings().modelFilter().admits(model.name()))
                        .toList(),
                modelsUpdated,
                modelProblem,
                kind.carriedOverTo(successor));
    }

    /// The one status that is shown and that requests are routed by: the first that holds of what the operator
    /// wants, what probes found, what requests met, and whether it came back just now.
    public EndpointStatus status() {
        return switch (endpoint.mode()) {
            case DRAINING -> EndpointStatus.DRAINING;
            case DISABLED -> EndpointStatus.DISABLED;
            case ENABLED -> probed.routable() ? statusInTraffic() : probed;
        };
    }

    private EndpointStatus statusInTraffic() {
        return switch (endpoint.breaker().standing()) {
            case EJECTED -> EndpointStatus.EJECTED;
            case ON_TRIAL -> EndpointStatus.WARMING;
            case CLOSED -> endpoint.slowStarting() ? EndpointStatus.WARMING : statusByPlaces();
        };
    }

    /// Busy, too, is one whose every place is taken while requests wait.
    private EndpointStatus statusByPlaces() {
        boolean busy = probed == EndpointStatus.HEALTHY
                && endpoint.places().queued() > 0
                && !endpoint.places().hasRoom(limit());
        return busy ? EndpointStatus.BUSY : probed;
    }

    /// How many inference requests may run there at most, whatever the model; 0 means no limit.
    public int limit() {
        return endpoint.limits(profile()).largest();
    }

    /// Whether requests are sent there as usual.
    public boolean routable() {
        return status().routable();
    }

    /// Whether requests may be sent there, if need be in spite of its breaker.
    public boolean takesWork() {
        return endpoint.enabled() && probed.routable();
    }

    /// Whether it is up and wanted: its models are asked for and listed.
    public boolean offersModels() {
        return endpoint.wanted() && probed.routable();
    }

    /// After nobody looks at it any more.
    EndpointState unwatched() {
        return watched(EndpointStatus.UNKNOWN, null);
    }

    /// With a probe to come at once.
    EndpointState dueAt(Instant next) {
        return watched(probed, next);
    }

    private EndpointState watched(EndpointStatus known, @Nullable Instant next) {
        return new EndpointState(
                endpoint, known, 0, lastCheck, probeTook, next, models, modelsUpdated, modelProblem, kind);
    }

    /// What holds for the server as far as is known now.
    public BackendProfile profile() {
        return kind.profile();
    }

    /// Whether the server may be of any kind, because nobody wrote which and it is not found out yet.
    public boolean ofUnknownKind() {
        return !kind.known();
    }

    /// After a probe that tells something.
    EndpointState after(EndpointStatus newStatus, int failures, Instant at, Duration took, Instant next) {
        return new EndpointState(
                endpoint, newStatus, failures, at, took, next, models, modelsUpdated, modelProblem, kind);
    }

    /// After a live request that could not reach the endpoint.
    EndpointState lost(Instant next) {
        int failures = consecutiveFailures + 1;
        return new EndpointState(
                endpoint,
                EndpointStatus.OFFLINE,
                failures,
                lastCheck,
                probeTook,
                next,
                models,
                modelsUpdated,
                modelProblem,
                kind);
    }

    /// After a model list was read.
    ///
    /// @param remark what was wrong with it nevertheless; null where nothing was
    EndpointState listed(List<DiscoveredModel> newModels, Instant at, @Nullable String remark) {
        return withModels(newModels, at, remark, kind);
    }

    /// After a model list could not be read; the models known stay known.
    EndpointState unlisted(String problem) {
        return withModels(models, modelsUpdated, problem, kind);
    }

    /// After its list was too old to be believed.
    EndpointState forgotten() {
        return withModels(List.of(), modelsUpdated, modelProblem, kind);
    }

    /// After its kind was found, or turned out to be another one.
    EndpointState taken(EndpointKind newKind) {
        return withModels(models, modelsUpdated, modelProblem, newKind);
    }

    /// After it told its version.
    EndpointState ofVersion(String version) {
        return version.equals(kind.version()) ? this : taken(kind.ofVersion(version));
    }

    /// Whether the server takes Anthropic's Messages API as it is, as far as its kind and its version tell.
    public boolean speaksAnthropic() {
        return kind.speaksAnthropic();
    }

    private EndpointState withModels(
            List<DiscoveredModel> newModels, @Nullable Instant at, @Nullable String problem, EndpointKind newKind) {
        return new EndpointState(
                endpoint,
                probed,
                consecutiveFailures,
                lastCheck,
                probeTook,
                nextCheck,
                newModels,
                at,
                problem,
                newKind);
    }
}
