package dev.olla.fleet;

import dev.olla.http.Headers;
import dev.olla.http.Streamed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds out what kind of server an endpoint of type `auto` is, by nothing but GET.
///
/// The evidence in the order in which it counts: fields of a head that name the kind, what the model list names
/// as the owner, then paths that only one kind serves, where only a body of the expected shape counts. What the
/// user wrote in profiles is looked at where all this tells nothing.
final class KindDetection {

    /// Long enough for a busy server; one that hangs is asked again in the next run.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String FALLBACK = "openai-compatible";

    private static final Set<String> OWNERS = Set.of("vllm", "sglang", "lmdeploy", "llamacpp", "vllm-mlx", "omlx");

    /// Fields that only servers of that kind send.
    private static final Map<String, String> FIELDS = Map.of(
            "X-Ollama-Version", "ollama",
            "X-SGLang-Version", "sglang",
            "X-Lemonade-Version", "lemonade",
            "X-LiteLLM-Version", "litellm",
            "X-LiteLLM-Provider", "litellm",
            "X-Docker-Model-Runner", "docker-model-runner");

    /// How the field `Server` begins.
    private static final Map<String, String> SERVERS =
            Map.of("llama.cpp", "llamacpp", "ollama/", "ollama", "litellm/", "litellm");

    private final Endpoint endpoint;
    private final ModelListRequest list;
    private final ControlCalls calls;

    KindDetection(ModelListRequest list, Surroundings surroundings) {
        this.endpoint = list.endpoint();
        this.list = list;
        this.calls = new ControlCalls(endpoint, surroundings);
    }

    /// Asks the server. Blocks.
    ///
    /// @return null when its answers tell nothing for sure
    @Nullable
    BackendProfile detect(Duration timeout) throws InterruptedException {
        Duration patience = timeout.compareTo(PATIENCE) < 0 ? timeout : PATIENCE;
        BackendProfile asAny = endpoint.profile();
        Streamed<ModelList> answer = list.fetch(EndpointUrls.models(endpoint, asAny), ModelListFormat.OPENAI, patience);
        if (!(answer instanceof Streamed.Answer<ModelList>(int status, Headers headers, ModelList models, var _))) {
            return null;
        }
        String named = byHeaders(headers);
        if (named == null && status == 200) {
            named = byOwner(models);
        }
        Verdict verdict = named == null ? byPaths(KindSign.IN_ORDER, patience) : new Verdict(named, true);
        if (verdict.kind() == null && verdict.sure()) {
            verdict = byWrittenHints(headers, patience);
        }
        if (verdict.kind() != null || !verdict.sure()) {
            return profile(verdict.kind());
        }
        boolean listed = status == 200 && models instanceof ModelList.Listed;
        return listed ? profile(FALLBACK) : null;
    }

    private @Nullable BackendProfile profile(@Nullable String kind) {
        return kind == null ? null : endpoint.kinds().byType(kind);
    }

    private static @Nullable String byHeaders(Headers headers) {
        for (Map.Entry<String, String> field : FIELDS.entrySet()) {
            if (headers.contains(field.getKey())) {
                return field.getValue();
            }
        }
        String server = Objects.requireNonNullElse(headers.first("Server"), "");
        for (Map.Entry<String, String> start : SERVERS.entrySet()) {
            if (server.regionMatches(true, 0, start.getKey(), 0, start.getKey().length())) {
                return start.getValue();
            }
        }
        return null;
    }

    /// A gateway may list what servers of several kinds own: only one owner of all tells something.
    private static @Nullable String byOwner(ModelList models) {
        if (!(models instanceof ModelList.Listed(List<DiscoveredModel> entries, int _, int _))) {
            return null;
        }
        Set<String> owners = entries.stream()
                .map(model -> Objects.requireNonNullElse(model.details().publisher(), ""))
                .collect(Collectors.toSet());
        String owner = owners.size() == 1 ? owners.iterator().next() : "";
        return OWNERS.contains(owner) ? owner : null;
    }

    /// A field tells more than paths, so it is looked for in all profiles first.
    private Verdict byWrittenHints(Headers headers, Duration patience) throws InterruptedException {
        List<KindSign> signs = new ArrayList<>();
        for (BackendProfile kind : endpoint.kinds().candidates()) {
            DetectionHints hints = kind.written().detection();
            if (hints.foundIn(headers)) {
                return new Verdict(kind.name(), true);
            }
            if (!hints.pathIndicators().isEmpty()) {
                signs.add(KindSign.written(kind.name(), hints.pathIndicators()));
            }
        }
        return byPaths(signs, patience);
    }

    private Verdict byPaths(List<KindSign> signs, Duration patience) throws InterruptedException {
        for (KindSign sign : signs) {
            switch (sign.look(calls, patience)) {
                case PRESENT -> {
                    return new Verdict(sign.kind(), true);
                }
                case ABSENT -> {}
                case UNCLEAR -> {
                    return new Verdict(null, false);
                }
            }
        }
        return new Verdict(null, true);
    }

    /// @param sure whether every question was answered
    private record Verdict(@Nullable String kind, boolean sure) {}
}
