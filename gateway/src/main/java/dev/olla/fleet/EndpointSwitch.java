package dev.olla.fleet;

import org.jspecify.annotations.Nullable;

/// Lets an operator take an endpoint out of the fleet and put it back.
@FunctionalInterface
public interface EndpointSwitch {

    /// @return the state of the endpoint then; null when no endpoint has that name
    @Nullable
    EndpointState set(String endpoint, EndpointMode mode);
}
