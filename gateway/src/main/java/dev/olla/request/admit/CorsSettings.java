package dev.olla.request.admit;

import java.util.List;

/// What scripts of other origins may do (the Fetch standard's CORS protocol).
///
/// @param allowedOrigins at least one while enabled; one `*` in an entry stands for any text
/// @param allowedMethods in upper case as a rule: methods are case-sensitive
/// @param allowedHeaders request header names, or `*` for all
/// @param exposedHeaders response header names that scripts may read
/// @param allowCredentials not together with the origin `*`
/// @param maxAge in seconds, for which a browser may remember a permission; zero leaves that to the browser
public record CorsSettings(
        boolean enabled,
        List<String> allowedOrigins,
        List<String> allowedMethods,
        List<String> allowedHeaders,
        List<String> exposedHeaders,
        boolean allowCredentials,
        int maxAge) {

    private static final List<String> WHEN_NO_METHODS = List.of("GET", "POST", "HEAD");
    private static final List<String> WHEN_NO_HEADERS = List.of("Accept", "Content-Type", "X-Requested-With");
    private static final List<String> WHEN_NONE_EXPOSED = List.of(
            "X-Olla-Request-ID",
            "X-Olla-Endpoint",
            "X-Olla-Backend-Type",
            "X-Olla-Model",
            "X-Olla-Response-Time",
            "X-Olla-Routing-Strategy",
            "X-Olla-Routing-Decision",
            "X-Olla-Routing-Reason",
            "X-Olla-Mode",
            "X-Olla-Sticky-Session",
            "X-Olla-Sticky-Key-Source",
            "X-Olla-Session-ID");

    /// Stands last: it needs the lists above.
    public static final CorsSettings DEFAULTS = new CorsSettings(
            false, List.of("*"), List.of("GET", "POST", "OPTIONS"), List.of("*"), List.of(), false, 300);

    public CorsSettings {
        allowedOrigins = List.copyOf(allowedOrigins);
        allowedMethods = allowedMethods.isEmpty() ? WHEN_NO_METHODS : List.copyOf(allowedMethods);
        allowedHeaders = allowedHeaders.isEmpty() ? WHEN_NO_HEADERS : List.copyOf(allowedHeaders);
        exposedHeaders = exposedHeaders.isEmpty() ? WHEN_NONE_EXPOSED : List.copyOf(exposedHeaders);
    }
}
