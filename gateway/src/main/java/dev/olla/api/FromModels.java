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

/// Something that is made of the models of the fleet, and made again only when the models, or the servers that take
/// requests, are others.
///
/// Making it takes its time for a large fleet: [#get] is for threads that may wait, see [OffLoop].
final class FromModels<T> {

    private final Fleet fleet;
    private final Function<FleetSnapshot, T> maker;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Made<T> last;

    /// @param maker looks at nothing of a snapshot but the models, the kinds and which endpoints are routable
    FromModels(Fleet fleet, Function<FleetSnapshot, T> maker) {
        this.fleet = fleet;
        this.maker = maker;
    }

    T get() {
        FleetSnapshot snapshot = fleet.snapshot();
        BitSet routable = routable(snapshot.endpoints());
        Made<T> made = last;
        if (made != null && made.fits(snapshot, routable)) {
            return made.value();
        }
        making.lock();
        try {
            made = last;
            if (made == null || !made.fits(snapshot, routable)) {
                made = new Made<>(snapshot.catalogue(), routable, maker.apply(snapshot));
                last = made;
            }
            return made.value();
        } finally {
            making.unlock();
        }
    }

    private static BitSet routable(List<EndpointState> states) {
        BitSet routable = new BitSet(states.size());
        for (int i = 0; i < states.size(); i++) {
            routable.set(i, states.get(i).routable());
        }
        return routable;
    }

    private record Made<T>(ModelCatalogue catalogue, BitSet routable, T value) {

        // A catalogue is replaced, never changed; comparing its models would cost what the memory saves.
        @SuppressWarnings("ReferenceEquality")
        boolean fits(FleetSnapshot snapshot, BitSet nowRoutable) {
            return catalogue == snapshot.catalogue() && routable.equals(nowRoutable);
        }
    }
}
