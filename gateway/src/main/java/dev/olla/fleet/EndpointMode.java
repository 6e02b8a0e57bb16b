package dev.olla.fleet;

/// What the operator wants of an endpoint. Kept over a reload, forgotten by a restart.
public enum EndpointMode {
    ENABLED,
    /// No new work; what runs there ends, and its probes go on.
    DRAINING,
    /// No new work, no probes, no discovery.
    DISABLED
}
