package dev.olla.request.select;

import dev.olla.request.route.RoutingDecision;

/// What came of the wish for a place.
public sealed interface Acquisition {

    /// A place, to be released by whoever got it.
    record Claimed(Claim claim) implements Acquisition {}

    /// Every candidate was tried.
    record NoneLeft() implements Acquisition {}

    /// Candidates are left, but each has had its share of requests for this minute, or takes no new work.
    record RateLimited() implements Acquisition {}

    /// No place is free, and no more may wait for one.
    ///
    /// @param retryAfterSeconds when it may be worth another try
    record QueueFull(int retryAfterSeconds) implements Acquisition {}

    /// No place came free in time.
    record WaitedTooLong(int retryAfterSeconds) implements Acquisition {}

    /// While it waited, the last server that could take it left.
    record Gone(RoutingDecision.Rejected why, int retryAfterSeconds) implements Acquisition {}
}
