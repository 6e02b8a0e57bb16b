package dev.olla.fleet;

import dev.olla.http.FetchRequest;
import dev.olla.http.Headers;
import dev.olla.http.ResponseHead;
import dev.olla.http.Streamed;
import dev.olla.http.UpstreamFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks one endpoint for its models.
final class ModelListRequest {

    static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final ModelList NONE = new ModelList.Listed(List.of(), 0, 0);

    private final Endpoint endpoint;
    private final Surroundings surroundings;
    private final ControlCalls calls;

    sealed interface Outcome {

        /// @param models filtered, in the order of the list
        /// @param remark what was left out of the list; null where nothing was
        record Found(List<DiscoveredModel> models, @Nullable String remark) implements Outcome {}

        /// @param words what to fix
        /// @param temporary whether the next attempt may well succeed with nothing fixed
        /// @param unfit whether another kind of server might answer so
        record Problem(String words, boolean temporary, boolean unfit) implements Outcome {}
    }

    ModelListRequest(Endpoint endpoint, Surroundings surroundings) {
        this.endpoint = endpoint;
        this.surroundings = surroundings;
        this.calls = new ControlCalls(endpoint, surroundings);
        URI _ = EndpointUrls.models(endpoint, endpoint.profile()); // complains of a URL that can't be used
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /// Asks once. Blocks.
    ///
    /// @param kind what the endpoint is taken for
    Outcome ask(BackendProfile kind, Duration timeout) throws InterruptedException {
        URI uri = EndpointUrls.models(endpoint, kind);
        ModelListFormat format = ModelListFormat.named(kind.listFormat());
        return switch (fetch(uri, format, timeout)) {
            case Streamed.Failed<ModelList>(UpstreamFailure failure) -> failed(uri, failure, timeout);
            case Streamed.Answer<ModelList>(int status, Headers _, ModelList list, Duration _) ->
                status == 200 ? read(uri, list) : refused(uri, status);
        };
    }

    Streamed<ModelList> fetch(URI uri, ModelListFormat format, Duration timeout) throws InterruptedException {
        FetchRequest request = FetchRequest.get(uri, endpoint.tlsFor(uri), calls.headers(uri), timeout, MAX_BYTES);
        return surroundings.fetcher().fetch(request, (head, body) -> parsed(format, head, body));
    }

    private static ModelList parsed(ModelListFormat format, ResponseHead head, InputStream body) throws IOException {
        return head.status() == 200 ? ModelListReader.read(format, body) : NONE;
    }

    private Outcome read(URI uri, ModelList list) {
        return switch (list) {
            case ModelList.Listed(List<DiscoveredModel> models, int unusable, int beyond) ->
                new Outcome.Found(admitted(models), remark(uri, unusable, beyond));
            case ModelList.Unreadable(String problem) ->
                new Outcome.Problem(
                        "the answer of " + path(uri) + " " + problem + ": set model_url or type", true, true);
        };
    }

    private List<DiscoveredModel> admitted(List<DiscoveredModel> models) {
        NameFilter filter = endpoint.settings().modelFilter();
        return models.stream().filter(model -> filter.admits(model.name())).toList();
    }

    private static @Nullable String remark(URI uri, int unusable, int beyond) {
        List<String> parts = new ArrayList<>(2);
        if (unusable > 0) {
            parts.add(entries(unusable) + " left out: no usable name, of a wrong type or too long");
        }
        if (beyond > 0) {
            parts.add(entries(beyond) + " left out: a list may have " + ModelListReader.MAX_ENTRIES);
        }
        return parts.isEmpty() ? null : "the model list at " + path(uri) + " is not whole: " + String.join("; ", parts);
    }

    private static String entries(int count) {
        return count == 1 ? "1 entry" : count + " entries";
    }

    private Outcome refused(URI uri, int status) {
        String path = path(uri);
        String words = switch (status) {
            case 401, 403 -> refusedCredential(uri);
            case 404, 405, 410 -> "nothing at " + path + ": set model_url or type";
            case 429 -> "the server asks for a pause; the next run tries again";
            default ->
                status >= 500
                        ? "the server failed to list its models at " + path + ": see its log"
                        : "no model list at " + path + ": check model_url, type and headers";
        };
        boolean unfit = status == 404 || status == 405 || status == 410;
        return new Outcome.Problem(status + ": " + words, status < 400 || status >= 500, unfit);
    }

    private String refusedCredential(URI uri) {
        if (endpoint.settings().credential() == null && !calls.headers(uri).contains("Authorization")) {
            return "the server asks for a credential: set auth under this endpoint";
        }
        return endpoint.settings().mayIdentifyTo(uri)
                ? "the server refuses the credential: check auth under this endpoint"
                : "the server asks for a credential, and auth goes to no other host than that of url: check model_url";
    }

    private static Outcome failed(URI uri, UpstreamFailure failure, Duration timeout) {
        String path = path(uri);
        String words = switch (failure.kind()) {
            case HEAD_TIMEOUT, READ_TIMEOUT, TOTAL_TIMEOUT ->
                "no model list from " + path + " within " + timeout.toMillis()
                        + "ms: raise model_discovery.timeout, or see what keeps the server";
            case MALFORMED -> "no usable answer from " + path + " (" + failure.message() + "): set model_url or type";
            case TLS_FAILED -> failure.message();
            default -> "no connection (" + failure.message() + "): see whether the server runs at this url";
        };
        return new Outcome.Problem(Headers.printable(words), true, failure.kind() == UpstreamFailure.Kind.MALFORMED);
    }

    /// Without the query, which may hold a key.
    private static String path(URI uri) {
        String path = uri.getRawPath();
        return path == null || path.isEmpty() ? "/" : path;
    }
}
