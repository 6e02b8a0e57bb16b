package dev.olla.fleet;

import java.time.Duration;
import java.util.List;

/// What distinguishes one kind of inference server from the others; read from `profiles/*.yaml`.
///
/// @param name the canonical type, for instance `lm-studio`
/// @param displayName for people
/// @param prefixes each opens a route `/olla/<prefix>/`
/// @param openAiCompatible whether the kind serves the OpenAI routes
/// @param paths the request paths that the kind is known to serve
/// @param discoveryPath where the kind lists its models
/// @param healthPath where the kind tells that it is up
/// @param listFormat the format of the model list, a name of [ModelListFormat]
/// @param timeout the kind's usual longest wait for an answer
public record BackendProfile(
        String name,
        String displayName,
        List<String> prefixes,
        boolean openAiCompatible,
        List<String> paths,
        String discoveryPath,
        String healthPath,
        String listFormat,
        Duration timeout) {

    public BackendProfile {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a profile needs a name");
        }
        prefixes = List.copyOf(prefixes);
        paths = List.copyOf(paths);
    }

    /// Whether the kind speaks Ollama's own API: it lists `/api/chat`.
    public boolean ollamaNative() {
        return paths.contains("/api/chat");
    }
}
