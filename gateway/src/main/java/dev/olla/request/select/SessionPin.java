package dev.olla.request.select;

import dev.olla.http.Headers;
import dev.olla.request.route.Candidate;
import dev.olla.request.select.StickySessions.Pin;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Chooses the server that a request's session is pinned to, and pins the session where it has none. Where that
/// server is full the request waits for it a while, and then goes elsewhere for once.
///
/// Belongs to one request, as its [Selection] does.
public final class SessionPin implements Balancer {

    private final StickySessions sessions;
    private final @Nullable SessionKey key;
    private final Balancer inner;
    private Result result = Result.DISABLED;
    private boolean waitsForItsOwn = true;
    /// Whether the session's server could take the request but has no free place.
    private boolean itsOwnIsFull;

    /// What became of the pin, as `X-Olla-Sticky-Session` tells.
    private enum Result {
        HIT,
        MISS,
        REPIN,
        /// The request has nothing that tells its session.
        DISABLED
    }

    /// @param key null when nothing tells the session
    SessionPin(StickySessions sessions, @Nullable SessionKey key, Balancer inner) {
        this.sessions = sessions;
        this.key = key;
        this.inner = inner;
    }

    @Override
    public Candidate choose(List<Candidate> candidates) {
        return choose(candidates, inner::choose);
    }

    @Override
    public Candidate place(List<Candidate> candidates) {
        return choose(candidates, inner::place);
    }

    private Candidate choose(List<Candidate> candidates, Function<List<Candidate>, Candidate> others) {
        if (key == null) {
            return others.apply(candidates);
        }
        Pin pin = sessions.lookUp(key);
        Candidate pinned = find(pin, candidates);
        if (pinned != null) {
            result = Result.HIT;
            return pinned;
        }
        Candidate chosen = others.apply(candidates);
        if (itsOwnIsFull) {
            result = Result.MISS;
            return chosen;
        }
        sessions.pin(key, chosen.endpoint());
        result = pin == null ? Result.MISS : Result.REPIN;
        return chosen;
    }

    @Override
    public boolean rathersWaits(List<Candidate> free, List<Candidate> all) {
        Candidate own = pinned(all);
        itsOwnIsFull = own != null && !free.contains(own);
        return itsOwnIsFull ? waitsForItsOwn : own == null && inner.rathersWaits(free, all);
    }

    @Override
    public void affinityIsOver() {
        waitsForItsOwn = false;
    }

    @Override
    public Candidate foresee(List<Candidate> candidates) {
        Candidate pinned = pinned(candidates);
        if (pinned != null) {
            result = Result.HIT;
        }
        return pinned == null ? inner.foresee(candidates) : pinned;
    }

    @Override
    public List<Score> scores(List<Candidate> candidates) {
        return inner.scores(candidates);
    }

    /// The candidate that the session is pinned to; null when there is none. Leaves no trace.
    public @Nullable Candidate pinned(List<Candidate> candidates) {
        return key == null ? null : find(sessions.peek(key), candidates);
    }

    private static @Nullable Candidate find(@Nullable Pin pin, List<Candidate> candidates) {
        if (pin == null || pin.isPurged()) {
            return null;
        }
        for (Candidate candidate : candidates) {
            if (pin.equals(Pin.to(candidate.endpoint()))) {
                return candidate;
            }
        }
        return null;
    }

    /// Whether the session stayed with its server.
    public boolean kept() {
        return result == Result.HIT;
    }

    /// Tells the client; for answers of servers only.
    public void writeTo(Headers headers) {
        headers.add("X-Olla-Sticky-Session", result.name().toLowerCase(Locale.ROOT));
        if (key != null) {
            headers.add("X-Olla-Sticky-Key-Source", key.source().word());
            if (key.sessionId() != null) {
                headers.add("X-Olla-Session-ID", Headers.printable(key.sessionId()));
            }
        }
    }
}
