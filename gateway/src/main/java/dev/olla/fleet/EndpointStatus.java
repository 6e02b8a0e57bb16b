package dev.olla.fleet;

/// How an endpoint is: what is shown of it, and what requests are routed by.
public enum EndpointStatus {
    HEALTHY("healthy", true),
    /// It answers, but slowly.
    BUSY("busy", true),
    /// It came back a moment ago, or is on trial: it gets less than its share.
    WARMING("warming", true),
    OFFLINE("offline", false),
    UNHEALTHY("unhealthy", false),
    /// It refuses our credential.
    CONFIG_ERROR("config_error", false),
    /// It asked not to be probed for a while.
    RATE_LIMITED("rate_limited", false),
    /// Never probed.
    UNKNOWN("unknown", false),
    /// Its probes are good, but requests failed there: it gets them only where nobody else can take them.
    EJECTED("ejected", false),
    /// The operator lets it end what it has.
    DRAINING("draining", false),
    /// The operator took it out.
    DISABLED("disabled", false);

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

    /// Whether requests are sent there as usual.
    public boolean routable() {
        return routable;
    }
}
