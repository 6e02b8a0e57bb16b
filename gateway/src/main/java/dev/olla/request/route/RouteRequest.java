package dev.olla.request.route;

import dev.olla.request.inspect.Inspection;
import dev.olla.request.inspect.Need;
import java.util.Set;
import java.util.stream.Collectors;
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

    /// What a request with that body wants. An `input` means embeddings, except where a conversation is called so.
    public static RouteRequest of(ProviderScope scope, String path, Inspection body) {
        Set<Need> needs = body.needs();
        if (needs.contains(Need.EMBEDDINGS) && path.endsWith("/responses")) {
            needs = needs.stream().filter(need -> need != Need.EMBEDDINGS).collect(Collectors.toUnmodifiableSet());
        }
        return new RouteRequest(scope, path, body.model(), needs);
    }
}
