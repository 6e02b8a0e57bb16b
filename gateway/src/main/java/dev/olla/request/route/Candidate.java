package dev.olla.request.route;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointStatus;
import org.jspecify.annotations.Nullable;

/// An endpoint that can take a request.
///
/// @param status as routing saw it
/// @param nativeModel the name that the server needs where it is not the one asked for; null when it is
/// @param declared whether the model there is known to do all that the request needs
public record Candidate(
        Endpoint endpoint, EndpointStatus status, @Nullable String nativeModel, boolean declared) {

    /// For a request that needs nothing special.
    public Candidate(Endpoint endpoint, EndpointStatus status, @Nullable String nativeModel) {
        this(endpoint, status, nativeModel, true);
    }

    /// Its share among candidates that are equal otherwise, as it is now; more than 0.
    public double share() {
        return endpoint.share(status);
    }
}
