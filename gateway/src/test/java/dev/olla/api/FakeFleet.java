package dev.olla.api;

import dev.olla.config.ModelsFile;
import dev.olla.fleet.AnthropicSupport;
import dev.olla.fleet.BackendKinds;
import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.CircuitBreakerSettings;
import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.DiscoveredModel.Details;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointSettings;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.EndpointStatus;
import dev.olla.fleet.Fleet;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelCatalogue;
import dev.olla.fleet.ModelVocabulary;
import dev.olla.fleet.NameFilter;
import dev.olla.fleet.ParsingRules;
import dev.olla.fleet.ProfileApi;
import dev.olla.fleet.UnificationSettings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A fleet that is what a test says it is.
final class FakeFleet implements Fleet {

    static final Instant NOW = Instant.parse("2031-02-03T04:05:06Z");
    static final Instant LISTED = Instant.parse("2031-02-03T04:00:00Z");

    static final BackendProfile OLLAMA = profile("ollama", "ollama", true, List.of("/api/chat", "/api/tags"));
    static final BackendProfile LM_STUDIO = profile("lm-studio", "lmstudio", true, List.of("/v1/models"));
    static final BackendProfile VLLM = profile("vllm", "vllm", true, List.of("/v1/models"));
    static final BackendProfile LEMONADE = profile("lemonade", "lemonade", true, List.of("/api/v1/models"));
    static final BackendProfile CLOSED = profile("closed", "openai", false, List.of());

    private final List<EndpointState> states = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private FleetSnapshot snapshot = new FleetSnapshot(List.of(), ModelCatalogue.EMPTY);
    private UnificationSettings unification = UnificationSettings.DEFAULTS;
    private boolean ready = true;

    /// Before the first endpoint is added.
    void keepKindsApart() {
        unification = new UnificationSettings(true, false, Duration.ZERO, Duration.ZERO);
    }

    static BackendProfile profile(String name, String listFormat, boolean openAi, List<String> paths) {
        ProfileApi api = new ProfileApi(openAi, paths, "/v1/models", "/health", AnthropicSupport.NONE);
        return new BackendProfile(name, api, ParsingRules.of(listFormat));
    }

    /// One kind, whose models are called as they are without any file of the user's.
    private record Kinds(BackendProfile profile) implements BackendKinds {
        @Override
        public BackendProfile byType(String type) {
            return profile;
        }

        @Override
        public ModelVocabulary vocabulary() {
            return ModelsFile.BUILT_IN.vocabulary().get();
        }
    }

    /// A healthy endpoint that was just probed and lists these models.
    Endpoint add(String name, BackendProfile profile, int priority, DiscoveredModel... models) {
        Endpoint endpoint = endpoint(name, profile, priority, states.size(), "http://" + name + ":11434");
        add(new EndpointState(
                endpoint,
                EndpointStatus.HEALTHY,
                0,
                NOW.minusSeconds(6),
                Duration.ofMillis(12),
                NOW.plusSeconds(4),
                List.of(models),
                LISTED,
                null));
        return endpoint;
    }

    void add(EndpointState state) {
        states.add(state);
        publish();
    }

    static Endpoint endpoint(String name, BackendProfile profile, int priority, int position, String url) {
        EndpointSettings settings = new EndpointSettings(
                name,
                URI.create(url),
                profile.name(),
                priority,
                null,
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                false,
                NameFilter.ALL,
                Map.of());
        CircuitBreakerSettings breaker = new CircuitBreakerSettings(1, Duration.ofDays(1), 100, Duration.ZERO);
        return new Endpoint(settings, new Kinds(profile), position, "id-" + name, breaker, System::nanoTime);
    }

    void set(Endpoint endpoint, EndpointStatus status) {
        EndpointState old = states.get(endpoint.position());
        states.set(
                endpoint.position(),
                new EndpointState(
                        endpoint,
                        status,
                        old.consecutiveFailures(),
                        old.lastCheck(),
                        old.probeTook(),
                        old.nextCheck(),
                        old.models(),
                        old.modelsUpdated(),
                        old.modelProblem()));
        snapshot = new FleetSnapshot(states, snapshot.catalogue());
    }

    private void publish() {
        snapshot = new FleetSnapshot(states, new ModelCatalogue(states, unification));
    }

    void notReady() {
        ready = false;
    }

    void becomesReady() {
        ready = true;
        waiting.forEach(Runnable::run);
    }

    static DiscoveredModel model(String name) {
        return model(name, null);
    }

    static DiscoveredModel model(String name, @Nullable String digest) {
        return model(name, digest, 0, Details.NONE);
    }

    static DiscoveredModel model(String name, @Nullable String digest, long size, Details details) {
        String raw = Json.object().put("name", name).put("model", name).toString();
        return new DiscoveredModel(name, size, digest, null, details, raw);
    }

    static DiscoveredModel parsed(String json, String name) {
        String raw = Json.MAPPER.readTree(json).toString();
        return new DiscoveredModel(name, 0, null, null, Details.NONE, raw);
    }

    static Details details(
            @Nullable String type,
            @Nullable String family,
            @Nullable String parameters,
            @Nullable String quantization) {
        return new Details(type, family, List.of(), "gguf", parameters, quantization, null, null, null, null, null, 0);
    }

    static Details inState(String state) {
        return new Details(null, null, List.of(), null, null, null, null, null, state, null, null, 0);
    }

    @Override
    public FleetSnapshot snapshot() {
        return snapshot;
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public void whenReady(Runnable action) {
        if (ready) {
            action.run();
        } else {
            waiting.add(action);
        }
    }

    @Override
    public void unreachable(Endpoint endpoint, String reason) {}

    @Override
    public void answered(Endpoint endpoint) {}
}
