package dev.olla.request;

import dev.olla.config.Profiles;
import dev.olla.fleet.CircuitBreaker;
import dev.olla.fleet.CircuitBreakerSettings;
import dev.olla.fleet.ConcurrencyLimits;
import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointSettings;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.EndpointStatus;
import dev.olla.fleet.Endpoints;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelCatalogue;
import dev.olla.fleet.NameFilter;
import dev.olla.fleet.Placement;
import dev.olla.http.TlsSettings;
import dev.olla.request.route.Candidate;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// A fleet at one moment, made by hand for tests of the stages; its breakers run by a clock that the test turns.
public final class SampleFleet {

    public static final Profiles PROFILES = Profiles.builtIn();

    /// What the candidates are asked for.
    public static final String MODEL = "m";

    private final AtomicLong nanoTime = new AtomicLong();
    private final List<EndpointSettings> settings = new ArrayList<>();
    private final List<EndpointStatus> statuses = new ArrayList<>();
    private final List<List<String>> models = new ArrayList<>();
    private List<Endpoint> endpoints = List.of();

    /// Adds an endpoint of that name at `http://<name>`.
    public SampleFleet with(String name, String type, EndpointStatus status, String... modelNames) {
        return with(EndpointSettings.of(name, URI.create("http://" + name), type), status, modelNames);
    }

    public SampleFleet with(EndpointSettings endpoint, EndpointStatus status, String... modelNames) {
        settings.add(endpoint);
        statuses.add(status);
        models.add(List.of(modelNames));
        return this;
    }

    /// Adds an endpoint that was readmitted just now.
    public SampleFleet withWarming(String name, String type) {
        with(name, type, EndpointStatus.WARMING);
        CircuitBreaker breaker = endpoint(name).breaker();
        for (int i = 0; i < CircuitBreakerSettings.DEFAULTS.failureThreshold(); i++) {
            breaker.passAnyway().failed();
        }
        breaker.passAnyway().succeeded();
        return this;
    }

    /// Adds healthy endpoints that differ in nothing but their names.
    public SampleFleet withEquals(String... names) {
        Arrays.stream(names).forEach(name -> with(name, "vllm", EndpointStatus.HEALTHY));
        return this;
    }

    public List<Endpoint> endpoints() {
        if (endpoints.size() != settings.size()) {
            endpoints =
                    Endpoints.following(endpoints, settings, PROFILES, CircuitBreakerSettings.DEFAULTS, nanoTime::get);
        }
        return endpoints;
    }

    public Endpoint endpoint(String name) {
        return endpoints().stream()
                .filter(endpoint -> endpoint.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    public void passes(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    public FleetSnapshot snapshot() {
        List<EndpointState> states = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            List<DiscoveredModel> listed =
                    models.get(i).stream().map(SampleFleet::model).toList();
            states.add(new EndpointState(
                    endpoints().get(i), statuses.get(i), 0, null, null, null, listed, Instant.EPOCH, null));
        }
        return new FleetSnapshot(states, new ModelCatalogue(states));
    }

    /// Every endpoint, whatever its status.
    public List<Candidate> candidates() {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            EndpointState state = snapshot().endpoints().get(i);
            candidates.add(
                    new Candidate(endpoints().get(i), statuses.get(i), null, true, Placement.unlisted(state, MODEL)));
        }
        return candidates;
    }

    public static EndpointSettings settings(String name, String type, int priority) {
        return settings(URI.create("http://" + name), name, type, priority, false, Map.of());
    }

    public static EndpointSettings settings(
            URI url, String name, String type, int priority, boolean preservePath, Map<String, String> headers) {
        return new EndpointSettings(
                name,
                url,
                type,
                priority,
                null,
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                preservePath,
                NameFilter.ALL,
                headers);
    }

    public static EndpointSettings weighing(String name, int weight) {
        EndpointSettings usual = settings(name, "vllm", 100);
        return new EndpointSettings(
                name,
                usual.url(),
                usual.type(),
                usual.priority(),
                null,
                null,
                usual.checkInterval(),
                usual.checkTimeout(),
                false,
                NameFilter.ALL,
                Map.of(),
                null,
                TlsSettings.STANDARD,
                weight,
                ConcurrencyLimits.NONE);
    }

    private static DiscoveredModel model(String name) {
        return new DiscoveredModel(name, 0, null, null, DiscoveredModel.Details.NONE, null);
    }
}
