package dev.olla.fleet;

/// What the last probes, and live traffic, tell of an endpoint.
public enum EndpointStatus {
    HEALTHY("healthy", true),
    /// It answers, but slowly.
    BUSY("busy", true),
    WARMING("warming", true),
    OFFLINE("offline", false),
    UNHEALTHY("unhealthy", false),
    /// It refuses our credential.
    CONFIG_ERROR("config_error", false),
    /// It asked not to be probed for a while.
    RATE_LIMITED("rate_limited", false),
    /// Never probed.
    UNKNOWN("unknown", false);

    private final String word;
    private final boolean routable;

    EndpointStatus(String word, boolean routable) {
        this.word = word;
        this.routable = routable;
    }

    /// The word shown in status pages.
    public String word() {
        return word;
    }

    /// Whether requests may be sent there.
    public boolean routable() {
        return routable;
    }
}
