package dev.olla.api;

import dev.olla.fleet.EndpointState;
import dev.olla.fleet.Fleet;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelCatalogue;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Something that is made of the models of the fleet, and made again only when the models, or the servers that
/// offer them, are others.
///
/// Making it takes its time for a large fleet: [#get] is for threads that may wait, see [OffLoop].
final class FromModels<T> {

    private final Fleet fleet;
    private final Function<FleetSnapshot, T> maker;
    private final boolean showsLoaded;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Made<T> last;

    /// @param maker looks at nothing of a snapshot but the models, the kinds and which endpoints offer them
    FromModels(Fleet fleet, Function<FleetSnapshot, T> maker) {
        this(fleet, maker, false);
    }

    private FromModels(Fleet fleet, Function<FleetSnapshot, T> maker, boolean showsLoaded) {
        this.fleet = fleet;
        this.maker = maker;
        this.showsLoaded = showsLoaded;
    }

    /// Something that also tells which models are loaded.
    static <T> FromModels<T> withLoaded(Fleet fleet, Function<FleetSnapshot, T> maker) {
        return new FromModels<>(fleet, maker, true);
    }

    T get() {
        FleetSnapshot snapshot = fleet.snapshot();
        Seen seen = new Seen(offering(snapshot.endpoints()), showsLoaded ? changes(snapshot.endpoints()) : 0);
        Made<T> made = last;
        if (made != null && made.fits(snapshot, seen)) {
            return made.value();
        }
        making.lock();
        try {
            made = last;
            if (made == null || !made.fits(snapshot, seen)) {
                made = new Made<>(snapshot.catalogue(), seen, maker.apply(snapshot));
                last = made;
            }
            return made.value();
        } finally {
            making.unlock();
        }
    }

    /// Two bits for each: whether it is up, and whether it is wanted.
    private static BitSet offering(List<EndpointState> states) {
        BitSet offering = new BitSet(2 * states.size());
        for (int i = 0; i < states.size(); i++) {
            offering.set(2 * i, states.get(i).offersModels());
            offering.set(2 * i + 1, states.get(i).endpoint().wanted());
        }
        return offering;
    }

    /// Each only rises, so their sum tells whether any has changed.
    private static long changes(List<EndpointState> states) {
        long changes = 0;
        for (EndpointState state : states) {
            changes += state.endpoint().residency().changes();
        }
        return changes;
    }

    /// What beside the models decides what is made.
    private record Seen(BitSet offering, long changes) {}

    private record Made<T>(ModelCatalogue catalogue, Seen seen, T value) {

        // A catalogue is replaced, never changed; comparing its models would cost what the memory saves.
        @SuppressWarnings("ReferenceEquality")
        boolean fits(FleetSnapshot snapshot, Seen now) {
            return catalogue == snapshot.catalogue() && seen.equals(now);
        }
    }
}
