package dev.olla.fleet;

import java.time.Duration;

/// A model that a server has in memory or is loading.
///
/// @param used when it was used last
/// @param loading whether it is being loaded, as far as is known
/// @param since when it began to be loaded, or when it was known to be loaded
/// @param estimate of its loading time, in nanoseconds
/// @param users requests for it that are under way there
record HeldModel(long used, boolean loading, long since, long estimate, int users) {

    /// A load that nobody confirms is forgotten.
    static final long LONGEST_LOAD_NANOS = Duration.ofMinutes(10).toNanos();

    static HeldModel loadingFrom(long now, long estimate) {
        return new HeldModel(now, true, now, estimate, 0);
    }

    static HeldModel loadedAt(long now, long used, long estimate) {
        return new HeldModel(used, false, now, estimate, 0);
    }

    /// Whether it is being loaded, and has been for no longer than a load may take.
    boolean stillLoading(long now) {
        return loading && now - since < LONGEST_LOAD_NANOS;
    }

    HeldModel loaded(long now) {
        return loading ? new HeldModel(used, false, now, estimate, users) : this;
    }

    HeldModel usedAt(long now) {
        return new HeldModel(now, loading, since, estimate, users);
    }

    HeldModel withUser() {
        return new HeldModel(used, loading, since, estimate, users + 1);
    }

    HeldModel withoutUser() {
        return new HeldModel(used, loading, since, estimate, Math.max(0, users - 1));
    }

    /// Whether it has to leave before the other: nobody uses it, or nobody has for longer.
    boolean leavesBefore(HeldModel other) {
        boolean idle = users == 0;
        return idle == (other.users == 0) ? used - other.used < 0 : idle;
    }
}
