package dev.olla.request.send;

import dev.olla.fleet.Endpoint;
import java.util.ArrayDeque;
import java.util.Deque;

/// Builds the path that a server is asked for. It never leaves the base path of the endpoint.
public final class TargetPath {

    private TargetPath() {}

    /// The request path, below the endpoint's own path where that is to be kept.
    ///
    /// @param path as the client sent it without the gateway's prefix, percent-encoded
    public static String on(Endpoint endpoint, String path) {
        String resolved = resolved(path);
        return endpoint.settings().preservePath() ? endpoint.basePath() + resolved : resolved;
    }

    /// The path without dot segments, percent-encoded ones included (RFC 3986 §5.2.4); other encoding stays.
    public static String resolved(String path) {
        if (!hasDotSegment(path)) {
            return path;
        }
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            switch (decodedDots(segments[i])) {
                case "." -> addEmpty(kept, last);
                case ".." -> {
                    kept.pollLast();
                    addEmpty(kept, last);
                }
                default -> kept.addLast(segments[i]);
            }
        }
        return "/" + String.join("/", kept);
    }

    private static void addEmpty(Deque<String> kept, boolean last) {
        if (last) {
            kept.addLast("");
        }
    }

    private static boolean hasDotSegment(String path) {
        return path.contains("/.") || path.contains("/%2e") || path.contains("/%2E");
    }

    private static String decodedDots(String segment) {
        return segment.length() > 6 ? segment : segment.replace("%2e", ".").replace("%2E", ".");
    }
}
