package dev.olla.request.route;

import dev.olla.dialect.ApiCall;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.translate.ClientRequest;
import dev.olla.fleet.AnthropicSupport;
import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.EndpointState;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Tells how requests get to endpoints: by the calls that each kind of server understands. Safe for all threads.
final class Ways {

    private final TranslationSettings settings;
    private final Map<String, Map<ApiCall, String>> calls = new ConcurrentHashMap<>();

    Ways(TranslationSettings settings) {
        this.settings = settings;
    }

    /// Whether servers of other formats are asked at all for requests of that kind.
    boolean translates(RouteRequest request) {
        return request.call() != null && (settings.widens() || request.call() == ApiCall.MESSAGES);
    }

    /// The way to a server whose kind the route is meant for; null where there is none.
    @Nullable
    Way of(RouteRequest request, EndpointState state) {
        ApiCall call = request.call();
        if (call == null || !translates(request)) {
            return Way.AS_IT_IS;
        }
        if (request.scope().wholeFleet()) {
            return anyhow(request, call, state);
        }
        if (call == ApiCall.RESPONSES) {
            boolean keeps = calls(state.profile()).containsKey(call) && !goesOnFromHere(request);
            return keeps ? Way.AS_IT_IS : translated(call, state);
        }
        Way translated = understands(request, state) ? null : translated(call, state);
        return translated == null ? Way.AS_IT_IS : translated;
    }

    private static boolean goesOnFromHere(RouteRequest request) {
        return request.beyond().contains(ClientRequest.NO_PREVIOUS_RESPONSE);
    }

    /// Whether the server, of a kind that the route is meant for, takes the request as it is.
    boolean understands(RouteRequest request, EndpointState state) {
        ApiCall call = request.call();
        if (call == null || !request.scope().accepts(state)) {
            return false;
        }
        return (call.dialect() == Dialect.OPENAI && state.profile().openAiCompatible())
                || state.ofUnknownKind()
                || calls(state.profile()).containsKey(call);
    }

    /// Where the server takes the call as it is; null where it doesn't.
    private @Nullable String ownPath(RouteRequest request, ApiCall call, EndpointState state) {
        String path = calls(state.profile()).get(call);
        if (path == null || call != ApiCall.MESSAGES) {
            return goesOnFromHere(request) ? null : path;
        }
        if (!state.speaksAnthropic()) {
            return null;
        }
        boolean limited =
                state.profile().api().anthropic().limitations().stream().anyMatch(request.beyond()::contains);
        return settings.passthrough() && !limited && state.endpoint().mayTakeMessages() ? path : null;
    }

    /// The way to a server of any kind: as the request is where it understands that, else translated; null where
    /// there is none.
    @Nullable
    Way anyhow(RouteRequest request, ApiCall call, EndpointState state) {
        String path = ownPath(request, call, state);
        if (path == null) {
            return translated(call, state);
        }
        return new Way.AsItIs(path, call == ApiCall.MESSAGES ? translated(call, state) : null);
    }

    /// The way to a server that understands only other calls; null where it understands none of the same meaning.
    private Way.@Nullable Translated translated(ApiCall call, EndpointState state) {
        Map<ApiCall, String> known = calls(state.profile());
        Map<ApiCall, String> able = new EnumMap<>(ApiCall.class);
        for (ApiCall other : call.equivalents()) {
            String path = known.get(other);
            if (path != null && (other != ApiCall.MESSAGES || state.speaksAnthropic())) {
                able.put(other, path);
            }
        }
        return able.isEmpty()
                ? null
                : new Way.Translated(able, state.profile().api().extensions());
    }

    private Map<ApiCall, String> calls(BackendProfile kind) {
        Map<ApiCall, String> known = calls.get(kind.name());
        return known == null ? calls.computeIfAbsent(kind.name(), _ -> read(kind)) : known;
    }

    /// What the kind lists, by the ends of its paths, since some stand below another one.
    private static Map<ApiCall, String> read(BackendProfile kind) {
        Map<ApiCall, String> known = new EnumMap<>(ApiCall.class);
        for (ApiCall call : ApiCall.values()) {
            String path = listed(kind, call);
            if (path != null) {
                known.put(call, path);
            }
        }
        if (kind.openAiCompatible()) {
            known.putIfAbsent(ApiCall.CHAT, ApiCall.CHAT.path());
        }
        if (kind.ollamaNative()) {
            known.put(ApiCall.OLLAMA_GENERATE, ApiCall.OLLAMA_GENERATE.path());
            known.put(ApiCall.OLLAMA_EMBED, ApiCall.OLLAMA_EMBED.path());
            known.put(ApiCall.OLLAMA_EMBEDDINGS, ApiCall.OLLAMA_EMBEDDINGS.path());
        }
        AnthropicSupport anthropic = kind.api().anthropic();
        if (anthropic.enabled()) {
            known.put(ApiCall.MESSAGES, anthropic.messagesPath());
        } else {
            known.remove(ApiCall.MESSAGES);
        }
        return known;
    }

    private static @Nullable String listed(BackendProfile kind, ApiCall call) {
        if (kind.paths().contains(call.path())) {
            return call.path();
        }
        for (String path : kind.paths()) {
            if (path.endsWith(call.path())) {
                return path;
            }
        }
        return null;
    }
}
