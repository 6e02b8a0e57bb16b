package dev.olla.request.route;

import dev.olla.request.inspect.Need;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What routing knows of a request.
///
/// @param path as the server would see it
/// @param model as the client spelled it; null when the request names none
/// @param needs what the model had better be able to do
public record RouteRequest(
        ProviderScope scope, String path, @Nullable String model, Set<Need> needs) {

    public RouteRequest {
        needs = Set.copyOf(needs);
    }
}
