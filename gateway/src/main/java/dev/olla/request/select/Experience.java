package dev.olla.request.select;

import dev.olla.fleet.Placement;
import dev.olla.fleet.Residency;
import dev.olla.request.route.Candidate;
import java.util.List;

/// What is known from all candidates for a request together of how long its model takes; in nanoseconds.
///
/// @param service how long a request took recently, on average of those that know; 0 where none does
/// @param measured the longest loading time that was measured anywhere; 0 where none was
/// @param present how long the load has taken that has been under way for longest; 0 where none is
/// @param left how long until the first load is over that is under way; 0 where none is
record Experience(long service, long measured, long present, long left) {

    static Experience of(List<Candidate> candidates) {
        long services = 0;
        int serving = 0;
        long measured = 0;
        long present = 0;
        for (Candidate candidate : candidates) {
            long service = candidate.endpoint().places().recentNanos();
            services += service;
            serving += service > 0 ? 1 : 0;
            Placement place = candidate.place();
            if (place != null && !place.remote()) {
                Residency residency = candidate.endpoint().residency();
                measured = Math.max(measured, residency.measuredLoadNanos(name(place)));
                present = Math.max(present, residency.nanosLoading(name(place)));
            }
        }
        long mean = services / Math.max(1, serving);
        Experience all = new Experience(mean, measured, present, 0);
        return present == 0 ? all : new Experience(mean, measured, present, all.soonest(candidates));
    }

    private long soonest(List<Candidate> candidates) {
        long soonest = Long.MAX_VALUE;
        for (Candidate candidate : candidates) {
            Placement place = candidate.place();
            if (place != null && !place.remote() && standing(place) == Residency.Standing.LOADING) {
                soonest = Math.min(soonest, untilLoaded(place));
            }
        }
        return soonest == Long.MAX_VALUE ? 0 : soonest;
    }

    private static Residency.Standing standing(Placement place) {
        return place.endpoint().residency().standing(name(place));
    }

    /// How long until the model is loaded there, if it is asked for now.
    long untilLoaded(Placement place) {
        return place.endpoint().residency().nanosToLoad(name(place), time(place));
    }

    /// Measured there, else elsewhere, else as the profile of the kind estimates; but no less than a load under way
    /// has taken already.
    private long time(Placement place) {
        long own = place.endpoint().residency().measuredLoadNanos(name(place));
        long known = own > 0 ? own : measured;
        return Math.max(present, known > 0 ? known : place.needs().loadTime().toNanos());
    }

    /// What a copy there costs while one is being loaded elsewhere: the wait for that one is no reason for another.
    long secondCopy(Placement place) {
        return left > 0 && standing(place) == Residency.Standing.ABSENT ? left : 0;
    }

    private static String name(Placement place) {
        return place.model().name();
    }
}
