package dev.olla.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Finds what answers a path: an exact path first, else the longest prefix.
///
/// Filled once, then read by all threads.
public final class Router {

    private final Map<String, Route> exact = new HashMap<>();
    private final Map<String, Route> prefixes = new HashMap<>();

    private boolean streams;

    /// @param streams whether the handler takes the body as it comes
    private record Route(List<String> methods, Consumer<Exchange> handler, boolean streams) {
        Route(List<String> methods, Consumer<Exchange> handler) {
            this(methods, handler, false);
        }
    }

    /// What a request line leads to.
    public sealed interface Match {

        record Found(Consumer<Exchange> handler) implements Match {}

        /// The path has another spelling, to which the client is sent.
        record Redirect(String location) implements Match {}

        /// @param allow the value of the `Allow` field
        record MethodNotAllowed(String allow) implements Match {}

        record NotFound() implements Match {}
    }

    /// Answers one path, for GET and HEAD only.
    public Router get(String path, Consumer<Exchange> handler) {
        exact.put(path, new Route(List.of("GET", "HEAD"), handler));
        return this;
    }

    /// Answers one path, for POST only.
    public Router post(String path, Consumer<Exchange> handler) {
        exact.put(path, new Route(List.of("POST"), handler));
        return this;
    }

    /// Answers one path whatever the method.
    public Router any(String path, Consumer<Exchange> handler) {
        exact.put(path, new Route(List.of(), handler));
        return this;
    }

    /// Answers every path that starts with the prefix, whatever the method; the prefix ends with a slash.
    public Router under(String prefix, Consumer<Exchange> handler) {
        prefixes.put(prefix, new Route(List.of(), handler));
        return this;
    }

    /// Answers every path that starts with the prefix, for GET and HEAD only; the prefix ends with a slash.
    public Router getUnder(String prefix, Consumer<Exchange> handler) {
        prefixes.put(prefix, new Route(List.of("GET", "HEAD"), handler));
        return this;
    }

    /// As [#under], for a handler that takes the bodies of requests as they come.
    public Router streamUnder(String prefix, Consumer<Exchange> handler) {
        prefixes.put(prefix, new Route(List.of(), handler, true));
        streams = true;
        return this;
    }

    /// Whether what answers the request takes its body as it comes.
    public boolean streams(RequestHead request) {
        if (!streams) {
            return false;
        }
        String path = request.path();
        Route route = clean(path).equals(path) ? route(path) : null;
        return route != null && route.streams();
    }

    public Match match(RequestHead request) {
        String path = request.path();
        if (path.equals("*")) {
            return new Match.Found(Router::answerForTheServer);
        }
        String clean = clean(path);
        if (!clean.equals(path)) {
            return new Match.Redirect(clean + request.querySuffix());
        }
        Route route = route(path);
        if (route != null) {
            return route.methods().isEmpty() || route.methods().contains(request.method())
                    ? new Match.Found(route.handler())
                    : new Match.MethodNotAllowed(String.join(", ", route.methods()));
        }
        return prefixes.containsKey(path + '/')
                ? new Match.Redirect(path + '/' + request.querySuffix())
                : new Match.NotFound();
    }

    /// `OPTIONS *` asks whether anybody is there (RFC 9110 §9.3.7).
    private static void answerForTheServer(Exchange exchange) {
        exchange.respond(200, new Headers(), new byte[0]);
    }

    private @org.jspecify.annotations.Nullable Route route(String path) {
        Route route = exact.get(path);
        for (int slash = path.lastIndexOf('/'); route == null && slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
            route = prefixes.get(path.substring(0, slash + 1));
        }
        return route;
    }

    /// The path without empty and dot segments.
    static String clean(String path) {
        if (!path.contains("//") && !path.contains("/.")) {
            return path;
        }
        Deque<String> kept = new ArrayDeque<>();
        String last = "";
        for (String segment : path.split("/", -1)) {
            last = segment;
            switch (segment) {
                case "", "." -> {}
                case ".." -> kept.pollLast();
                default -> kept.addLast(segment);
            }
        }
        StringBuilder clean = new StringBuilder(path.length());
        for (Iterator<String> segments = kept.iterator(); segments.hasNext(); ) {
            clean.append('/').append(segments.next());
        }
        boolean folder = last.isEmpty() || last.equals(".") || last.equals("..") || kept.isEmpty();
        return folder ? clean.append('/').toString() : clean.toString();
    }
}
