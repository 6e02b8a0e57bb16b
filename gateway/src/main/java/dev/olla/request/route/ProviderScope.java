package dev.olla.request.route;

import dev.olla.dialect.ApiCall;
import dev.olla.dialect.Dialect;
import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.EndpointState;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which kinds of server a route may use, and the path that stands before theirs.
///
/// @param pathPrefix without a trailing slash, for instance `/olla/ollama`
/// @param provider the name of the one profile; null means every kind
/// @param openAiCompatible whether every kind that serves the OpenAI routes will do
/// @param translated the formats whose requests may go to servers that speak another one
/// @param wholeFleet whether those servers are as good as any other; else they are asked only for models that no
///     server of the route's own kinds holds
public record ProviderScope(
        String pathPrefix,
        @Nullable String provider,
        boolean openAiCompatible,
        Set<Dialect> translated,
        boolean wholeFleet) {

    private static final Set<Dialect> OPENAI = Set.of(Dialect.OPENAI, Dialect.RESPONSES);

    public ProviderScope {
        translated = Set.copyOf(translated);
    }

    /// Every kind of server.
    public static ProviderScope all(String pathPrefix) {
        return new ProviderScope(pathPrefix, null, false, OPENAI, false);
    }

    /// Every server, whatever format it speaks.
    ///
    /// @param formats that clients may use there
    public static ProviderScope everything(String pathPrefix, Set<Dialect> formats) {
        return new ProviderScope(pathPrefix, null, false, formats, true);
    }

    /// Servers of one kind, and for models that none of them holds, others by translation: those of Ollama's own
    /// API where the kind speaks it, those of OpenAI's for the kind `openai-compatible`, which stands for all that
    /// serve the OpenAI routes.
    public static ProviderScope of(String pathPrefix, BackendProfile kind) {
        return kind.ollamaNative()
                ? new ProviderScope(pathPrefix, kind.name(), false, Set.of(Dialect.OLLAMA), false)
                : of(pathPrefix, kind.name());
    }

    /// Servers of one kind; the kind `openai-compatible` stands for all that serve the OpenAI routes.
    public static ProviderScope of(String pathPrefix, String provider) {
        boolean openAi = provider.equals("openai-compatible");
        return new ProviderScope(pathPrefix, provider, openAi, openAi ? OPENAI : Set.of(), false);
    }

    /// The call that is made at the path, where it may go to servers that understand only another one; null where
    /// it may not.
    ///
    /// @param path as the server would see it
    public @Nullable ApiCall translatable(String path) {
        ApiCall call = ApiCall.at(path);
        return call != null && translated.contains(call.dialect()) ? call : null;
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
