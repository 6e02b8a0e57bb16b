package dev.olla.request.send;

import dev.olla.fleet.Endpoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/// Builds the path that a server is asked for. It never leaves the base path of the endpoint.
public final class TargetPath {

    /// What some servers, and proxies before them, take for a slash once they have decoded it.
    private static final Pattern HIDDEN_SLASH = Pattern.compile("%2[fF]|%5[cC]|\\\\");

    private TargetPath() {}

    /// The request path, below the endpoint's own path where that is to be kept.
    ///
    /// @param path as the client sent it without the gateway's prefix, percent-encoded
    public static String on(Endpoint endpoint, String path) {
        String resolved = resolved(path);
        return endpoint.settings().preservePath() ? endpoint.basePath() + resolved : resolved;
    }

    /// The path without dot segments (RFC 3986 §5.2.4), those included that show only once the path is decoded; all
    /// other encoding stays.
    public static String resolved(String path) {
        if (!hasDotSegment(path)) {
            return path;
        }
        Deque<String> kept = new ArrayDeque<>();
        List<String> segments = segments(path);
        for (int i = 0; i < segments.size(); i++) {
            boolean last = i == segments.size() - 1;
            switch (decodedDots(segments.get(i))) {
                case "." -> addEmpty(kept, last);
                case ".." -> {
                    kept.pollLast();
                    addEmpty(kept, last);
                }
                default -> kept.addLast(segments.get(i));
            }
        }
        return "/" + String.join("/", kept);
    }

    /// A segment with an encoded slash stays whole, unless a dot segment hides in it.
    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(1).split("/", -1)) {
            List<String> parts = List.of(HIDDEN_SLASH.split(segment, -1));
            segments.addAll(parts.stream().anyMatch(TargetPath::isDots) ? parts : List.of(segment));
        }
        return segments;
    }

    private static boolean isDots(String part) {
        String decoded = decodedDots(part);
        return decoded.equals(".") || decoded.equals("..");
    }

    private static void addEmpty(Deque<String> kept, boolean last) {
        if (last) {
            kept.addLast("");
        }
    }

    private static boolean hasDotSegment(String path) {
        if (path.contains("/.")) {
            return true;
        }
        boolean decodes = path.indexOf('%') >= 0 || path.indexOf('\\') >= 0;
        return decodes
                && (path.contains("/%2e")
                        || path.contains("/%2E")
                        || HIDDEN_SLASH.matcher(path).find());
    }

    private static String decodedDots(String segment) {
        return segment.length() > 6 ? segment : segment.replace("%2e", ".").replace("%2E", ".");
    }
}
