package dev.olla.api;

import dev.olla.fleet.Fleet;

/// The unified view of the fleet as it is now; made once for each state of the models, however often it is asked
/// for.
///
/// Safe for all threads that may wait.
public final class UnifiedModels {

    private final FromModels<UnifiedCatalogue> all;
    private final FromModels<UnifiedCatalogue> available;

    public UnifiedModels(Fleet fleet) {
        all = new FromModels<>(fleet, UnifiedCatalogue::of);
        available = new FromModels<>(fleet, _ -> all.get().available());
    }

    /// What some endpoint that takes requests holds, under the same ids as in [#all].
    UnifiedCatalogue available() {
        return available.get();
    }

    /// What any endpoint holds, down ones included.
    UnifiedCatalogue all() {
        return all.get();
    }
}
