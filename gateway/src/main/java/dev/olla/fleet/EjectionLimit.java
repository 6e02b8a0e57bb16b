package dev.olla.fleet;

/// How many endpoints may be ejected at a time. Breakers that share a limit hold its lock while they ask and open.
@FunctionalInterface
interface EjectionLimit {

    EjectionLimit NONE = (_, _) -> true;

    /// @param maxPercent of the endpoints that are up
    boolean hasRoom(CircuitBreaker asking, int maxPercent);
}
