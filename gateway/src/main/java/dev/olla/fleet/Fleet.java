package dev.olla.fleet;

/// The servers behind the gateway: the one place that knows which of them are up and what they hold.
///
/// Health monitoring, discovery and live traffic publish a new [FleetSnapshot]; readers take the current one. Safe for
/// all threads; no method waits.
public interface Fleet {

    FleetSnapshot snapshot();

    /// Whether the first round of probes and of discovery is over, whatever it found.
    boolean ready();

    /// Runs the action once [#ready], at once when it is; on any thread.
    void whenReady(Runnable action);

    /// A live request could not reach the endpoint (refused, reset, unreachable, unknown host): it is offline until a
    /// probe succeeds.
    void unreachable(Endpoint endpoint, String reason);

    /// A byte of an answer came from the endpoint just now: it is alive, however slow its probes are.
    void answered(Endpoint endpoint);
}
