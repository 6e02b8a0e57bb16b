package dev.olla.request.route;

import dev.olla.fleet.ModelAliases;
import java.time.Duration;

/// How a request finds its servers, above all when none of them is known to hold its model.
///
/// @param discoveryTimeout how long a request may wait for the servers' model lists; more than zero
/// @param refreshOnMiss whether the servers are asked for their models when a request names one that none of them
///     holds
public record RoutingSettings(
        Strategy strategy, Fallback fallback, Duration discoveryTimeout, boolean refreshOnMiss, ModelAliases aliases) {

    public static final RoutingSettings DEFAULTS = new RoutingSettings(
            Strategy.STRICT, Fallback.COMPATIBLE_ONLY, Duration.ofSeconds(2), false, ModelAliases.NONE);

    public RoutingSettings {
        if (!discoveryTimeout.isPositive()) {
            throw new IllegalArgumentException("discoveryTimeout must be more than zero");
        }
    }

    /// What is done with a model that no usable server holds.
    public enum Strategy {
        STRICT,
        OPTIMISTIC,
        DISCOVERY
    }

    /// Who may get such a request.
    public enum Fallback {
        /// Only servers that hold the model: in effect nobody.
        COMPATIBLE_ONLY,
        NONE,
        /// Every usable server.
        ALL
    }
}
