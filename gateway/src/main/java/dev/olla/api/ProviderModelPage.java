package dev.olla.api;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.Fleet;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.Placement;
import dev.olla.http.Exchange;
import java.util.Comparator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One model of a provider by its name, as its list has it: `/v1/models/{name}`; a name may hold slashes.
public final class ProviderModelPage {

    private final Fleet fleet;
    private final ModelScope scope;
    private final String prefix;
    private final Function<ModelSource, JsonNode> entry;

    private ProviderModelPage(Fleet fleet, ModelScope scope, String prefix, Function<ModelSource, JsonNode> entry) {
        this.fleet = fleet;
        this.scope = scope;
        this.prefix = prefix;
        this.entry = entry;
    }

    /// @param prefix of the path, with the slash before the name
    public static ProviderModelPage openAi(Fleet fleet, ModelScope scope, String prefix) {
        return new ProviderModelPage(fleet, scope, prefix, OpenAiModelList::entry);
    }

    /// @param prefix of the path, with the slash before the name
    public static ProviderModelPage lmStudio(Fleet fleet, ModelScope scope, String prefix) {
        return new ProviderModelPage(fleet, scope, prefix, LmStudioModelList::entry);
    }

    /// @param prefix of the path, with the slash before the name
    /// @param entry writes a model
    static ProviderModelPage of(Fleet fleet, ModelScope scope, String prefix, Function<ModelSource, JsonNode> entry) {
        return new ProviderModelPage(fleet, scope, prefix, entry);
    }

    public void handle(Exchange exchange) {
        String name = Query.decodedPath(exchange.path().substring(prefix.length()));
        ModelSource source = name == null ? null : find(fleet.snapshot(), name);
        if (source == null) {
            ErrorAnswer.respond(exchange, 404, "model_not_found", "The model '" + name + "' does not exist");
            return;
        }
        Json.respond(exchange, entry.apply(source));
    }

    /// Found as a request for it would be; the preferred place that calls it so, else the preferred one.
    private @Nullable ModelSource find(FleetSnapshot snapshot, String name) {
        return snapshot.catalogue().find(name, place -> serves(snapshot.state(place.endpoint()))).stream()
                .min(Comparator.comparing((Placement place) -> !place.answersTo(name))
                        .thenComparing(place -> source(snapshot, place), ModelSource.PREFERENCE))
                .map(place -> source(snapshot, place))
                .orElse(null);
    }

    private boolean serves(@Nullable EndpointState state) {
        return state != null && state.offersModels() && scope.includes(state);
    }

    private static ModelSource source(FleetSnapshot snapshot, Placement place) {
        EndpointState state = snapshot.endpoints().get(place.endpoint().position());
        return new ModelSource(state, place.model());
    }
}
