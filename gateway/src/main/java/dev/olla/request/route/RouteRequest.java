package dev.olla.request.route;

import dev.olla.dialect.ApiCall;
import dev.olla.request.inspect.Inspection;
import dev.olla.request.inspect.Need;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What routing knows of a request.
///
/// @param path as the server would see it
/// @param call what is asked, where a server of another format may answer; null where none may
/// @param model as the client spelled it; null when the request names none
/// @param needs what the model had better be able to do
/// @param beyond limitations of servers that the request would run into, such as `no_tool_use`
public record RouteRequest(
        ProviderScope scope,
        String path,
        @Nullable ApiCall call,
        @Nullable String model,
        Set<Need> needs,
        Set<String> beyond) {

    public RouteRequest {
        needs = Set.copyOf(needs);
        beyond = Set.copyOf(beyond);
    }

    /// Of a request that goes on as it is, or not at all.
    public RouteRequest(ProviderScope scope, String path, @Nullable String model, Set<Need> needs) {
        this(scope, path, null, model, needs, Set.of());
    }

    /// What a request with that body wants. An `input` means embeddings, except where a conversation is called so.
    ///
    /// @param call that may be translated; null where none may. What names no model never is: it is for a server of
    ///     the client's format to judge.
    public static RouteRequest of(ProviderScope scope, String path, @Nullable ApiCall call, Inspection body) {
        Set<Need> needs = body.needs();
        if (needs.contains(Need.EMBEDDINGS) && path.endsWith("/responses")) {
            needs = needs.stream().filter(need -> need != Need.EMBEDDINGS).collect(Collectors.toUnmodifiableSet());
        }
        return new RouteRequest(scope, path, body.model() == null ? null : call, body.model(), needs, Set.of());
    }

    /// The same with what is known of it once it is read as a whole.
    public RouteRequest beyond(Set<String> limitations) {
        return new RouteRequest(scope, path, call, model, needs, limitations);
    }
}
