package dev.olla.request.route;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointStatus;
import dev.olla.fleet.Placement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An endpoint that can take a request.
///
/// @param status as routing saw it
/// @param nativeModel the name that the server needs where it is not the one asked for; null when it is
/// @param declared whether the model there is known to do all that the request needs
/// @param place what is known of the model there; null for a request that names none
/// @param way how the request gets there
public record Candidate(
        Endpoint endpoint,
        EndpointStatus status,
        @Nullable String nativeModel,
        boolean declared,
        @Nullable Placement place,
        Way way) {

    /// For a request that goes on as the client made it.
    public Candidate(
            Endpoint endpoint,
            EndpointStatus status,
            @Nullable String nativeModel,
            boolean declared,
            @Nullable Placement place) {
        this(endpoint, status, nativeModel, declared, place, Way.AS_IT_IS);
    }

    /// The same endpoint, asked in another way.
    public Candidate by(Way other) {
        return new Candidate(endpoint, status, nativeModel, declared, place, other);
    }

    /// Its share among candidates that are equal otherwise, as it is now; more than 0.
    public double share() {
        return endpoint.share(status);
    }

    /// How many inference requests may run there before this one may start; 0 means no limit.
    public int limit() {
        return place == null ? 0 : place.limit();
    }

    /// Whether the model may be told to think: Ollamas say of their models what they can do, and refuse the rest.
    public boolean thinks() {
        List<String> told = place == null || !place.kind().ollamaNative()
                ? List.of()
                : place.model().details().capabilities();
        return told.isEmpty() || told.contains("thinking");
    }

    /// Whether the request need not wait for its model to be loaded there.
    public boolean loaded() {
        return place == null || place.loaded();
    }
}
