package dev.olla.request.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is special about the paths of inference servers, whichever route they are asked under.
public final class PathRules {

    private static final Set<String> MANAGEMENT = Set.of("pull", "push", "create", "copy", "delete", "blobs");
    private static final Set<String> CHANGES = Set.of("pull", "push", "create", "copy", "delete", "load", "unload");

    /// What no model has to work for.
    private static final Set<String> WORKLESS = Set.of(
            "show",
            "pull",
            "push",
            "create",
            "copy",
            "blobs",
            "load",
            "unload",
            "delete",
            "tokenize",
            "detokenize",
            "count_tokens");

    private static final List<String> INFERENCE = List.of(
            "/chat/completions",
            "/completions",
            "/embeddings",
            "/responses",
            "/messages",
            "/rerank",
            "/completion",
            "/embedding",
            "/infill",
            "/api/chat",
            "/api/generate",
            "/api/embed");

    private static final Pattern ENCODED_ASCII = Pattern.compile("%([0-7][0-9a-fA-F])");

    private PathRules() {}

    /// Why the gateway doesn't pass the path on, or null when it does: calls that change the models of one server
    /// make no sense for a fleet. The spelling doesn't matter.
    ///
    /// @param path as the server would see it
    public static @Nullable String notSupported(String path) {
        return notSupported(segments(path));
    }

    /// The same for a path that still starts with its route.
    ///
    /// @param path as the client spelled it
    public static @Nullable String notSupportedUnderAnyRoute(String path) {
        List<String> segments = segments(path);
        return segments.size() > 2 && segments.getFirst().equals("olla")
                ? notSupported(segments.subList(2, segments.size()))
                : null;
    }

    private static @Nullable String notSupported(List<String> segments) {
        if (segments.size() < 2 || !segments.getFirst().equals("api")) {
            return null;
        }
        String call = segments.get(1);
        if (call.equals("list") && segments.size() == 2) {
            return "running models list not supported in multi-instance proxy";
        }
        return MANAGEMENT.contains(call) ? "model management operations not supported by proxy" : null;
    }

    /// The segments as a server would read them: decoded, without empty and dot segments.
    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>(8);
        String plain = decoded(path);
        int start = 0;
        while (start <= plain.length()) {
            int slash = plain.indexOf('/', start);
            int end = slash < 0 ? plain.length() : slash;
            if (end > start) {
                follow(segments, plain.substring(start, end));
            }
            start = end + 1;
        }
        return segments;
    }

    private static void follow(List<String> segments, String segment) {
        switch (segment) {
            case "." -> {}
            case ".." -> {
                if (!segments.isEmpty()) {
                    segments.removeLast();
                }
            }
            default -> segments.add(segment.toLowerCase(Locale.ROOT));
        }
    }

    /// A wrong escape hides no other: what can't be decoded stays.
    private static String decoded(String path) {
        return path.indexOf('%') < 0 ? path : ENCODED_ASCII.matcher(path).replaceAll(PathRules::character);
    }

    private static String character(MatchResult encoded) {
        char decoded = (char) Integer.parseInt(encoded.group(1), 16);
        return decoded == '\\' || decoded == '$' ? "\\" + decoded : String.valueOf(decoded);
    }

    /// Whether a model answers there, so that a body without readable JSON is a mistake.
    public static boolean isInference(String method, String path) {
        return method.equals("POST") && INFERENCE.stream().anyMatch(path::endsWith);
    }

    /// Whether a request takes one of the places of a server, and may wait for one: all that have a model work, and
    /// none that only ask of it or manage it.
    ///
    /// @param model what the body names; null when it names none
    public static boolean takesPlace(String method, String path, @Nullable String model) {
        if (model == null || !method.equals("POST")) {
            return false;
        }
        for (String segment : segments(path)) {
            if (WORKLESS.contains(segment)) {
                return false;
            }
        }
        return true;
    }

    /// Whether the path belongs to Ollama's own API, where `name` may stand for `model`.
    public static boolean isOllamaNative(String path) {
        return path.startsWith("/api/") && !path.startsWith("/api/v");
    }

    /// Whether the path is the one that tells of a model, whose clients look for Ollama's own words.
    public static boolean isShow(String path) {
        return path.equals("/api/show");
    }

    /// Whether an answer streams although the request doesn't say so: Ollama's default.
    public static boolean streamsByDefault(String path) {
        return path.equals("/api/chat") || path.equals("/api/generate");
    }

    /// Whether a request to the path changes nothing on the server, so that it may be sent again.
    public static boolean isRepeatable(String path) {
        List<String> segments = segments(path);
        return segments.isEmpty() || !CHANGES.contains(segments.getLast());
    }
}
