package dev.olla.fleet;

import dev.olla.http.Origin;
import java.net.URI;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Where the control plane asks an endpoint something.
final class EndpointUrls {

    private EndpointUrls() {}

    static URI health(Endpoint endpoint, BackendProfile kind) {
        return resolve(endpoint, "health_check_url", endpoint.settings().healthCheckUrl(), kind.healthPath());
    }

    static URI models(Endpoint endpoint, BackendProfile kind) {
        return resolve(endpoint, "model_url", endpoint.settings().modelUrl(), kind.discoveryPath());
    }

    /// A path of the server itself.
    static URI own(Endpoint endpoint, String path) {
        return URI.create(endpoint.origin() + endpoint.basePath() + path);
    }

    /// An absolute URL is used as it is, a path is put after the base path of the endpoint.
    private static URI resolve(Endpoint endpoint, String key, @Nullable String configured, String usual) {
        String location = configured == null || configured.isBlank() ? usual : configured.strip();
        try {
            if (location.regionMatches(true, 0, "http://", 0, 7) || location.regionMatches(true, 0, "https://", 0, 8)) {
                return withHost(URI.create(location));
            }
            return joined(endpoint, location);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("endpoint " + endpoint.name() + ": " + key + " is no valid URL or path");
        }
    }

    /// Without double and trailing slashes, with the query of the endpoint's own URL.
    private static URI joined(Endpoint endpoint, String location) {
        int mark = location.indexOf('?');
        String below = mark < 0 ? location : location.substring(0, mark);
        String path = (endpoint.basePath() + '/' + below).replaceAll("/{2,}", "/");
        String trimmed = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        String base = endpoint.settings().url().getRawQuery();
        if (base != null && !base.isEmpty()) {
            query.add(base);
        }
        if (mark >= 0) {
            query.add(location.substring(mark + 1));
        }
        return URI.create(endpoint.origin() + trimmed + query);
    }

    private static URI withHost(URI uri) {
        if (!Origin.isNamedBy(uri)) {
            throw new IllegalArgumentException("no host");
        }
        return uri;
    }
}
