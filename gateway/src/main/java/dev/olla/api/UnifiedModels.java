package dev.olla.api;

import dev.olla.fleet.EndpointState;
import dev.olla.fleet.Fleet;

/// The unified view of the fleet as it is now; made once for each state of the models, however often it is asked
/// for.
///
/// Safe for all threads that may wait.
public final class UnifiedModels {

    private final FromModels<UnifiedCatalogue> known;
    private final FromModels<UnifiedCatalogue> all;
    private final FromModels<UnifiedCatalogue> available;

    public UnifiedModels(Fleet fleet) {
        known = new FromModels<>(fleet, UnifiedCatalogue::of);
        all = new FromModels<>(
                fleet, _ -> known.get().servedBy(state -> state.endpoint().wanted()));
        available = new FromModels<>(fleet, _ -> known.get().servedBy(EndpointState::offersModels));
    }

    /// What some endpoint that is up holds, under the same ids as in [#all].
    UnifiedCatalogue available() {
        return available.get();
    }

    /// What any endpoint holds that is not disabled, down ones included.
    UnifiedCatalogue all() {
        return all.get();
    }
}
