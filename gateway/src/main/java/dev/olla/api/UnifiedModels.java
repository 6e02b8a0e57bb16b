package dev.olla.api;

import dev.olla.fleet.Fleet;
import dev.olla.fleet.FleetSnapshot;
import org.jspecify.annotations.Nullable;

/// The unified view of the fleet as it is now; made once for each snapshot, however often it is asked for.
///
/// Safe for all threads: at worst two of them make the same view.
public final class UnifiedModels {

    private final Fleet fleet;
    private volatile @Nullable Made available;
    private volatile @Nullable Made all;

    public UnifiedModels(Fleet fleet) {
        this.fleet = fleet;
    }

    /// What some endpoint that takes requests holds.
    UnifiedCatalogue available() {
        Made made = upToDate(available, false);
        available = made;
        return made.catalogue();
    }

    /// What any endpoint holds, down ones included.
    UnifiedCatalogue all() {
        Made made = upToDate(all, true);
        all = made;
        return made.catalogue();
    }

    // A snapshot is replaced, never changed; comparing its models would cost what the memory saves.
    @SuppressWarnings("ReferenceEquality")
    private Made upToDate(@Nullable Made last, boolean withUnavailable) {
        FleetSnapshot snapshot = fleet.snapshot();
        return last != null && last.of() == snapshot
                ? last
                : new Made(snapshot, UnifiedCatalogue.of(snapshot, withUnavailable));
    }

    private record Made(FleetSnapshot of, UnifiedCatalogue catalogue) {}
}
