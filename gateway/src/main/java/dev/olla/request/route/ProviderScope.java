package dev.olla.request.route;

import dev.olla.fleet.EndpointState;
import org.jspecify.annotations.Nullable;

/// Which kinds of server a route may use, and the path that stands before theirs.
///
/// @param pathPrefix without a trailing slash, for instance `/olla/ollama`
/// @param provider the name of the one profile; null means every kind
/// @param openAiCompatible whether every kind that serves the OpenAI routes will do
public record ProviderScope(String pathPrefix, @Nullable String provider, boolean openAiCompatible) {

    /// Every kind of server.
    public static ProviderScope all(String pathPrefix) {
        return new ProviderScope(pathPrefix, null, false);
    }

    /// Servers of one kind; the kind `openai-compatible` stands for all that serve the OpenAI routes.
    public static ProviderScope of(String pathPrefix, String provider) {
        return new ProviderScope(pathPrefix, provider, provider.equals("openai-compatible"));
    }

    /// A server of a kind that is not found out yet may be the one that is asked for.
    public boolean accepts(EndpointState state) {
        if (provider == null || state.ofUnknownKind()) {
            return true;
        }
        return openAiCompatible
                ? state.profile().openAiCompatible()
                : state.profile().name().equals(provider);
    }

    /// The path that the server knows: what follows the prefix, with a leading slash.
    public String stripped(String path) {
        String rest = path.substring(pathPrefix.length());
        return rest.isEmpty() ? "/" : rest;
    }

    /// For messages: the kind, or an empty string.
    public String label() {
        return provider == null ? "" : provider;
    }
}
