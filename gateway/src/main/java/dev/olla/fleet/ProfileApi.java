package dev.olla.fleet;

import java.util.List;
import java.util.Set;

/// What a kind of server serves, and where.
///
/// @param openAiCompatible whether the kind serves the OpenAI routes
/// @param paths the request paths that the kind is known to serve
/// @param discoveryPath where the kind lists its models
/// @param healthPath where the kind tells that it is up
/// @param extensions fields that the kind takes beyond the formats that it speaks, for instance `top_k`
public record ProfileApi(
        boolean openAiCompatible,
        List<String> paths,
        String discoveryPath,
        String healthPath,
        AnthropicSupport anthropic,
        Set<String> extensions) {
    public ProfileApi {
        paths = List.copyOf(paths);
        extensions = Set.copyOf(extensions);
    }

    /// Of a kind that takes nothing beyond its formats.
    public ProfileApi(
            boolean openAiCompatible,
            List<String> paths,
            String discoveryPath,
            String healthPath,
            AnthropicSupport anthropic) {
        this(openAiCompatible, paths, discoveryPath, healthPath, anthropic, Set.of());
    }
}
