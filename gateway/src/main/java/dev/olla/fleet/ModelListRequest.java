package dev.olla.fleet;

import dev.olla.http.Fetched;
import dev.olla.http.Headers;
import dev.olla.http.TlsSettings;
import dev.olla.http.UpstreamFailure;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks one endpoint for its models.
final class ModelListRequest {

    static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(ModelListRequest.class);

    private final Endpoint endpoint;
    private final Surroundings surroundings;
    private final URI uri;
    private final TlsSettings tls;
    private final Headers headers;
    private final ModelListFormat format;

    sealed interface Outcome {

        /// @param models filtered, in the order of the list
        record Found(List<DiscoveredModel> models) implements Outcome {}

        /// @param words what to fix
        /// @param temporary whether the next attempt may well succeed with nothing fixed
        record Problem(String words, boolean temporary) implements Outcome {}
    }

    ModelListRequest(Endpoint endpoint, Surroundings surroundings) {
        this.endpoint = endpoint;
        this.surroundings = surroundings;
        this.uri = EndpointUrls.models(endpoint);
        this.format = ModelListFormat.named(endpoint.profile().listFormat());
        this.tls = endpoint.tlsFor(uri);
        this.headers = endpoint.extraHeadersFor(uri)
                .setIfAbsent("User-Agent", "olla-Discovery/" + surroundings.version())
                .setIfAbsent("Accept", "application/json");
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /// Asks once. Blocks.
    Outcome ask(Duration timeout) throws InterruptedException {
        Fetched fetched = surroundings.fetcher().get(uri, tls, headers.copy(), timeout, MAX_BYTES);
        return switch (fetched) {
            case Fetched.Failed(UpstreamFailure failure) -> failed(failure, timeout);
            case Fetched.Answer answer
            when answer.status() == 200 -> read(answer.body().bytes());
            case Fetched.Answer answer -> refused(answer.status());
        };
    }

    private Outcome read(byte[] body) {
        ModelList list = format.parse(body);
        if (list instanceof ModelList.Unreadable && endpoint.settings().type().equals(EndpointSettings.AUTO)) {
            ModelList other = ModelListFormat.OLLAMA.parse(body);
            list = other instanceof ModelList.Listed ? other : list;
        }
        return switch (list) {
            case ModelList.Listed(List<DiscoveredModel> models, int skipped) -> found(models, skipped);
            case ModelList.Unreadable(String problem) ->
                new Outcome.Problem("the answer of " + path() + " " + problem + ": set model_url or type", true);
        };
    }

    private Outcome found(List<DiscoveredModel> models, int skipped) {
        if (skipped > 0) {
            log.debug("endpoint {}: {} entries of the model list were left out", endpoint, skipped);
        }
        NameFilter filter = endpoint.settings().modelFilter();
        return new Outcome.Found(
                models.stream().filter(model -> filter.admits(model.name())).toList());
    }

    private Outcome refused(int status) {
        String words = switch (status) {
            case 401, 403 -> refusedCredential();
            case 404, 405, 410 -> "nothing at " + path() + ": set model_url or type";
            case 429 -> "the server asks for a pause; the next run tries again";
            default ->
                status >= 500
                        ? "the server failed to list its models at " + path() + ": see its log"
                        : "no model list at " + path() + ": check model_url, type and headers";
        };
        return new Outcome.Problem(status + ": " + words, status < 400 || status >= 500);
    }

    private String refusedCredential() {
        if (endpoint.settings().credential() == null && !headers.contains("Authorization")) {
            return "the server asks for a credential: set auth under this endpoint";
        }
        return endpoint.settings().mayIdentifyTo(uri)
                ? "the server refuses the credential: check auth under this endpoint"
                : "the server asks for a credential, and auth goes to no other host than that of url: check model_url";
    }

    private Outcome failed(UpstreamFailure failure, Duration timeout) {
        String words = switch (failure.kind()) {
            case HEAD_TIMEOUT, READ_TIMEOUT, TOTAL_TIMEOUT ->
                "no model list from " + path() + " within " + timeout.toMillis()
                        + "ms: raise model_discovery.timeout, or see what keeps the server";
            case MALFORMED -> "no usable answer from " + path() + " (" + failure.message() + "): set model_url or type";
            case TLS_FAILED -> failure.message();
            default -> "no connection (" + failure.message() + "): see whether the server runs at this url";
        };
        return new Outcome.Problem(Headers.printable(words), true);
    }

    /// Without the query, which may hold a key.
    private String path() {
        String path = uri.getRawPath();
        return path == null || path.isEmpty() ? "/" : path;
    }
}
