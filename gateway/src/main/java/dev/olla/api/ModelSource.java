package dev.olla.api;

import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A model on one endpoint, with what is known of both.
record ModelSource(EndpointState state, DiscoveredModel model) {

    static final String LOADED = "loaded";
    static final String AVAILABLE = "available";
    private static final String UNKNOWN = "unknown";
    static final String NOT_LOADED = "not-loaded";
    private static final Set<String> STATES = Set.of(LOADED, AVAILABLE, NOT_LOADED, UNKNOWN);

    /// By priority, then in configuration order: the first one's details are shown.
    static final Comparator<ModelSource> PREFERENCE = Comparator.comparingInt(
                    (ModelSource source) -> -source.endpoint().priority())
            .thenComparingInt(source -> source.endpoint().position());

    Endpoint endpoint() {
        return state.endpoint();
    }

    /// What the endpoint is taken for.
    String kind() {
        return state.profile().name();
    }

    /// In tokens, as the server says, else as its kind is known for models of that name; 0 where unknown.
    long contextLength() {
        long told = model.details().contextLength();
        return told > 0 ? told : state.profile().models().contextLength(model.name());
    }

    /// `loaded`, `available`, `not-loaded` or `unknown`.
    String stateWord() {
        String told = toldState();
        if (!changes()) {
            return told;
        }
        boolean loaded = endpoint().residency().loaded(model.name());
        return loaded ? LOADED : told.equals(LOADED) ? NOT_LOADED : told;
    }

    /// Whether the server has told what it has in memory, after it listed the model.
    boolean changes() {
        return endpoint().residency().known() && !runsElsewhere();
    }

    /// An Ollama says so of a model whose requests it passes on to another host.
    private boolean runsElsewhere() {
        return state.profile().ollamaNative() && LOADED.equals(model.details().state());
    }

    /// As the server's list said.
    private String toldState() {
        String told = model.details().state();
        if (told != null && !told.isBlank()) {
            String word = told.toLowerCase(Locale.ROOT);
            return STATES.contains(word) ? word : UNKNOWN;
        }
        return model.size() > 0 ? AVAILABLE : UNKNOWN;
    }

    /// When the model was made, as far as its server tells, else when it was found; null where neither is known.
    @Nullable
    Instant created() {
        return model.modified() == null ? state.modelsUpdated() : model.modified();
    }

    /// Whether the server lists its models in that format.
    boolean listedAs(String format) {
        return state.profile().listFormat().equals(format);
    }
}
