package dev.olla.fleet;

import dev.olla.fleet.DiscoveredModel.Details;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of models when a list comes in: an entry that says nothing new is the one that is there already.
///
/// So details that were asked for last time stay, and a model without a date keeps the one it was given. Many
/// servers with the same models share one record of each.
final class KnownModels {

    private final ModelCatalogue catalogue;
    private final Map<String, DiscoveredModel> own = new HashMap<>();

    private KnownModels(ModelCatalogue catalogue, List<DiscoveredModel> own) {
        this.catalogue = catalogue;
        own.forEach(model -> this.own.put(model.name(), model));
    }

    static KnownModels of(FleetSnapshot snapshot, Endpoint endpoint) {
        return new KnownModels(
                snapshot.catalogue(),
                snapshot.endpoints().get(endpoint.position()).models());
    }

    List<DiscoveredModel> applyTo(List<DiscoveredModel> listed, Instant at) {
        return listed.stream().map(model -> known(enriched(model), at)).toList();
    }

    /// Whether an endpoint before that one has the same record, so that it takes no memory of its own.
    // A shared record is the same object, an equal one is not shared.
    @SuppressWarnings("ReferenceEquality")
    boolean isShared(DiscoveredModel model, Endpoint endpoint) {
        for (Placement place : catalogue.find(model.name())) {
            if (place.endpoint().position() >= endpoint.position()) {
                return false;
            }
            if (place.model() == model) {
                return true;
            }
        }
        return false;
    }

    /// With what was told of it before; the list's own word counts first.
    private DiscoveredModel enriched(DiscoveredModel model) {
        String digest = model.digest();
        Details told = digest == null ? null : told(model.name(), digest);
        return told == null || ModelDetails.isTold(model.details())
                ? model
                : model.with(ModelDetails.merged(model.details(), told));
    }

    private @Nullable Details told(String name, String digest) {
        DiscoveredModel before = own.get(name);
        if (before != null && digest.equals(before.digest()) && ModelDetails.isTold(before.details())) {
            return before.details();
        }
        return catalogue.told(digest);
    }

    private DiscoveredModel known(DiscoveredModel model, Instant at) {
        DiscoveredModel before = own.get(model.name());
        if (before == null) {
            before = elsewhere(model.name());
        }
        if (before == null) {
            return model.firstListed(at);
        }
        Instant since = before.modified();
        DiscoveredModel dated = model.firstListed(since == null ? at : since);
        return before.equals(dated) ? before : dated;
    }

    private @Nullable DiscoveredModel elsewhere(String name) {
        List<Placement> places = catalogue.find(name);
        for (Placement place : places) {
            if (place.model().name().equals(name)) {
                return place.model();
            }
        }
        return null;
    }
}
