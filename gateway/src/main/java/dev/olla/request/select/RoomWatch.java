package dev.olla.request.select;

import dev.olla.fleet.Fleet;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Looks after those who wait: when servers come or go they ask again where they may go, and limits that a clock
/// lifts (rates, pauses, breakers) make nobody wait for ever.
public final class RoomWatch implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final WaitingRoom room;
    private final Fleet fleet;
    private final Thread thread;
    private @Nullable FleetView seen;

    /// Begins at once.
    public RoomWatch(WaitingRoom room, Fleet fleet) {
        this.room = room;
        this.fleet = fleet;
        this.thread = Thread.ofVirtual().name("waiting-room").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                room.awaitSomebody();
                look();
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        FleetView now = FleetView.of(fleet.snapshot());
        FleetView before = seen;
        seen = now;
        if (now.equals(before)) {
            room.offerAll();
        } else {
            room.reconsider();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
