package dev.olla.fleet;

import dev.olla.http.Origin;
import java.net.URI;
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
            String path = location.startsWith("/") ? location : "/" + location;
            return URI.create(endpoint.origin() + endpoint.basePath() + path);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("endpoint " + endpoint.name() + ": " + key + " is no valid URL or path");
        }
    }

    private static URI withHost(URI uri) {
        if (!Origin.isNamedBy(uri)) {
            throw new IllegalArgumentException("no host");
        }
        return uri;
    }
}
