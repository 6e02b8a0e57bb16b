package dev.olla.fleet;

import java.util.List;

/// What a kind of server serves, and where.
///
/// @param openAiCompatible whether the kind serves the OpenAI routes
/// @param paths the request paths that the kind is known to serve
/// @param discoveryPath where the kind lists its models
/// @param healthPath where the kind tells that it is up
public record ProfileApi(
        boolean openAiCompatible,
        List<String> paths,
        String discoveryPath,
        String healthPath,
        AnthropicSupport anthropic) {
    public ProfileApi {
        paths = List.copyOf(paths);
    }
}
