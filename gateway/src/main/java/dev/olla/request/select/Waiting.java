package dev.olla.request.select;

import dev.olla.fleet.Places;
import dev.olla.http.Loop;
import dev.olla.request.route.Candidate;
import dev.olla.request.route.RoutingDecision;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request's waits for a place, at most one at a time.
///
/// Lives on the event loop of its request, but for what the [WaitingRoom] asks under its lock.
final class Waiting implements Ticket.Guest {

    private static final int LONGEST_RETRY_AFTER = 60;

    private final Selection selection;
    private final Seating seating;
    private @Nullable Ticket ticket;
    private @Nullable Consumer<Acquisition> taker;
    private Loop.@Nullable Timer timer;
    private Loop.@Nullable Timer affinity;
    private long waitedNanos;
    private boolean abandoned;

    Waiting(Selection selection, Seating seating) {
        this.selection = selection;
        this.seating = seating;
    }

    WaitingRoom room() {
        return seating.room();
    }

    /// Null where nothing is known of the model that is asked for.
    Claim.@Nullable Seat seatAt(Candidate candidate) {
        return candidate.place() == null ? null : Claim.Seat.at(candidate.place(), seating.room());
    }

    boolean othersWait() {
        return !room().isEmpty();
    }

    long waitedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(waitedNanos);
    }

    void begin(Consumer<Acquisition> waiter) {
        taker = waiter;
        Ticket mine = new Ticket(seating.demand(), room().now(), seating.loop()::later, this, this::seated);
        ticket = mine;
        if (room().join(mine)) {
            timer = seating.loop().after(room().settings().maxWait(), this::tooLong);
            affinity = seating.loop()
                    .after(room().settings().affinityWait(), () -> room().change(mine, selection::affinityIsOver));
        } else {
            room().statistics().foundFull();
            end(new Acquisition.QueueFull(retryAfter()));
        }
    }

    private void tooLong() {
        Ticket late = ticket;
        if (late != null && room().leave(late)) {
            room().statistics().waitedInVain();
            end(new Acquisition.WaitedTooLong(retryAfter()));
        }
    }

    private void seated(Claim claim) {
        if (abandoned) {
            claim.release();
        } else {
            end(new Acquisition.Claimed(claim));
        }
    }

    private void end(Acquisition result) {
        Ticket over = ticket;
        Consumer<Acquisition> told = taker;
        ticket = null;
        taker = null;
        cancelTimers();
        if (over != null && told != null) {
            waitedNanos += room().now() - over.since();
            told.accept(result);
        }
    }

    private void cancelTimers() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (affinity != null) {
            affinity.cancel();
            affinity = null;
        }
    }

    void abandon() {
        abandoned = true;
        cancelTimers();
        Ticket left = ticket;
        if (left != null) {
            room().leave(left);
        }
    }

    @Override
    public List<Places> places() {
        return selection.places();
    }

    @Override
    public @Nullable Claim seat() {
        return selection.next();
    }

    @Override
    public void reconsider() {
        Ticket mine = ticket;
        if (mine == null || abandoned) {
            return;
        }
        switch (seating.again().get()) {
            case RoutingDecision.Routed(var candidates, var _) -> {
                room().change(mine, () -> selection.renew(candidates));
                if (selection.isEmpty() && room().leave(mine)) {
                    end(new Acquisition.NoneLeft());
                }
            }
            case RoutingDecision.Rejected rejected -> {
                if (room().leave(mine)) {
                    room().statistics().lostItsServers();
                    end(new Acquisition.Gone(rejected, retryAfter()));
                }
            }
        }
    }

    /// The time that those ahead take, as far as recent requests tell, in whole seconds.
    private int retryAfter() {
        long recent = 0;
        for (Places each : selection.places()) {
            recent = Math.max(recent, each.recentNanos());
        }
        int ahead = room().waiting(seating.demand().queue()) + 1;
        double seconds = recent / 1e9 * ahead / selection.capacity();
        return (int) Math.clamp(Math.ceil(seconds), 1, LONGEST_RETRY_AFTER);
    }
}
