package dev.olla.request.admit;

import dev.olla.http.Headers;
import dev.olla.http.RequestHead;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Tells browsers which scripts of other origins may send what and read the answers (the Fetch standard, §3.3).
///
/// It never keeps a request away: that is the browser's part.
final class Cors {

    private static final String ORIGIN = "Origin";
    private static final String ASKED_METHOD = "Access-Control-Request-Method";
    private static final String ASKED_HEADERS = "Access-Control-Request-Headers";
    private static final String ANY = "*";

    private final CorsSettings settings;
    private final boolean anyOrigin;
    private final List<String> origins;
    private final boolean anyHeader;
    private final List<String> headers;
    private final String exposed;

    Cors(CorsSettings settings) {
        this.settings = settings;
        anyOrigin = settings.allowedOrigins().contains(ANY);
        origins = lowerCased(settings.allowedOrigins());
        anyHeader = settings.allowedHeaders().contains(ANY);
        headers = lowerCased(settings.allowedHeaders());
        exposed = String.join(", ", settings.exposedHeaders());
    }

    private static List<String> lowerCased(List<String> texts) {
        return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
    }

    /// Whether a browser asks for a permission, rather than a client for something.
    static boolean isPreflight(RequestHead request) {
        String method = request.headers().first(ASKED_METHOD);
        return request.method().equals("OPTIONS") && method != null && !method.isEmpty();
    }

    /// The fields of the answer to a preflight.
    Headers preflight(RequestHead request) {
        Headers answer = Headers.of("Vary", ORIGIN + ", " + ASKED_METHOD + ", " + ASKED_HEADERS);
        String origin = allowedOrigin(request);
        String method = request.headers().first(ASKED_METHOD);
        String asked = String.join(", ", request.headers().all(ASKED_HEADERS));
        if (origin == null || method == null || !allowsMethod(method) || !allowsHeaders(asked)) {
            return answer;
        }
        answer.add("Access-Control-Allow-Origin", origin);
        answer.add("Access-Control-Allow-Methods", method);
        if (!asked.isBlank()) {
            answer.add("Access-Control-Allow-Headers", asked);
        }
        addCredentials(answer);
        if (settings.maxAge() > 0) {
            answer.add("Access-Control-Max-Age", Integer.toString(settings.maxAge()));
        }
        return answer;
    }

    /// Adds the fields that the answer to any other request carries.
    void addTo(Headers answer, RequestHead request) {
        answer.add("Vary", ORIGIN);
        String origin = allowedOrigin(request);
        if (origin == null || !allowsMethod(request.method())) {
            return;
        }
        answer.add("Access-Control-Allow-Origin", origin);
        answer.add("Access-Control-Expose-Headers", exposed);
        addCredentials(answer);
    }

    private void addCredentials(Headers answer) {
        if (settings.allowCredentials()) {
            answer.add("Access-Control-Allow-Credentials", "true");
        }
    }

    /// The origin as the answer names it; null when it is not allowed, or none is named.
    private @Nullable String allowedOrigin(RequestHead request) {
        String origin = request.headers().first(ORIGIN);
        if (origin == null || origin.isEmpty()) {
            return null;
        }
        if (anyOrigin) {
            return ANY;
        }
        return matchesAny(origin.toLowerCase(Locale.ROOT)) ? origin : null;
    }

    private boolean matchesAny(String origin) {
        for (String allowed : origins) {
            if (matches(allowed, origin)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String allowed, String origin) {
        int star = allowed.indexOf('*');
        if (star < 0) {
            return allowed.equals(origin);
        }
        return origin.length() >= allowed.length() - 1
                && origin.startsWith(allowed.substring(0, star))
                && origin.endsWith(allowed.substring(star + 1));
    }

    private boolean allowsMethod(String method) {
        return method.equals("OPTIONS") || settings.allowedMethods().contains(method);
    }

    private boolean allowsHeaders(String asked) {
        if (anyHeader) {
            return true;
        }
        for (String name : asked.split(",", -1)) {
            String bare = name.strip().toLowerCase(Locale.ROOT);
            if (!bare.isEmpty() && !headers.contains(bare)) {
                return false;
            }
        }
        return true;
    }
}
