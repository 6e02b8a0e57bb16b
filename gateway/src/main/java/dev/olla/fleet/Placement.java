package dev.olla.fleet;

import java.util.Comparator;

/// A model on an endpoint.
///
/// @param kind what the endpoint is taken for
/// @param needs what the kind's profile estimates by the name of the model
public record Placement(Endpoint endpoint, BackendProfile kind, DiscoveredModel model, ModelNeeds needs) {

    static final String LOADED = "loaded";

    private static final double BYTES_PER_GIGABYTE = 1e9;

    /// By priority, then in configuration order: the first one's word counts.
    static final Comparator<Placement> PREFERENCE = Comparator.comparingInt(
                    (Placement place) -> -place.endpoint().priority())
            .thenComparingInt(place -> place.endpoint().position());

    /// Of a model that the endpoint didn't list: whether it holds it is for the endpoint to say.
    public static Placement unlisted(EndpointState state, String model) {
        return new Placement(
                state.endpoint(),
                state.profile(),
                new DiscoveredModel(model, 0, null, null, DiscoveredModel.Details.NONE, null),
                state.profile().resources().needs(model));
    }

    /// Whether the server itself takes the requested name for this model, so that it need not be rewritten.
    public boolean answersTo(String requested) {
        String own = model.name();
        return own.equals(requested) || (kind.ollamaNative() && own.equals(ModelCatalogue.counterpart(requested)));
    }

    /// How many inference requests may run on the endpoint before one for the model may start; 0 means no limit.
    public int limit() {
        return endpoint.limits(kind).forMemory(memoryGb());
    }

    /// How many requests for the model the endpoint is expected to work on at once; at least 1. Holds nothing back.
    public int capacity() {
        return endpoint.limits(kind).capacity(memoryGb(), endpoint.places().slots());
    }

    /// As the server reports it, else as the name tells.
    private double memoryGb() {
        return model.size() > 0 ? model.size() / BYTES_PER_GIGABYTE : needs.minMemoryGb();
    }

    /// Whether it never has to be loaded there, because an Ollama passes its requests on to another host.
    public boolean remote() {
        return kind.ollamaNative() && LOADED.equals(model.details().state());
    }

    /// Whether requests for it need not wait for it to be loaded.
    public boolean loaded() {
        return remote() || endpoint.residency().loaded(model.name());
    }
}
