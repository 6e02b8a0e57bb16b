package dev.olla.request.select;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelCatalogue;
import java.util.ArrayList;
import java.util.List;

/// What of a fleet decides where requests may go: two that are equal route alike.
///
/// @param catalogue compared by identity: a fleet makes a new one when models change
record FleetView(List<Endpoint> takingWork, ModelCatalogue catalogue) {

    static FleetView of(FleetSnapshot snapshot) {
        List<Endpoint> takingWork = new ArrayList<>();
        for (EndpointState state : snapshot.endpoints()) {
            if (state.takesWork()) {
                takingWork.add(state.endpoint());
            }
        }
        return new FleetView(takingWork, snapshot.catalogue());
    }
}
