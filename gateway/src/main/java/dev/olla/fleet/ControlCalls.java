package dev.olla.fleet;

import dev.olla.http.Body;
import dev.olla.http.FetchRequest;
import dev.olla.http.Headers;
import dev.olla.http.ResponseHead;
import dev.olla.http.Streamed;
import dev.olla.http.UpstreamFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// The small questions that the control plane asks one endpoint about itself. Blocks, as [dev.olla.http.Fetcher]
/// does.
final class ControlCalls {

    /// What a server tells of itself or of one model is shorter, texts of licences included.
    private static final int MAX_BYTES = 1024 * 1024;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Endpoint endpoint;
    private final Surroundings surroundings;

    /// @param body missing where there is no JSON
    record Told(
            int status,
            Headers headers,
            JsonNode body,
            @Nullable UpstreamFailure failure) {

        boolean answered() {
            return failure == null;
        }

        boolean good() {
            return status == 200;
        }
    }

    ControlCalls(Endpoint endpoint, Surroundings surroundings) {
        this.endpoint = endpoint;
        this.surroundings = surroundings;
    }

    Told get(String path, Duration timeout) throws InterruptedException {
        return ask("GET", path, Body.empty(), timeout, MAX_BYTES, ControlCalls::tree);
    }

    /// The top level only, whatever the length: objects and arrays in it are empty.
    Told outline(String path, Duration timeout) throws InterruptedException {
        return ask("GET", path, Body.empty(), timeout, ModelListRequest.MAX_BYTES, ControlCalls::outline);
    }

    Told post(String path, JsonNode body, Duration timeout) throws InterruptedException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        return ask("POST", path, Body.of(bytes), timeout, MAX_BYTES, ControlCalls::tree);
    }

    private Told ask(
            String method, String path, Body body, Duration timeout, int maxBytes, Function<InputStream, JsonNode> json)
            throws InterruptedException {
        URI uri = EndpointUrls.own(endpoint, path);
        Headers headers = headers(uri);
        if (!body.isEmpty()) {
            headers.setIfAbsent("Content-Type", "application/json");
        }
        FetchRequest request = new FetchRequest(method, uri, endpoint.tlsFor(uri), headers, body, timeout, maxBytes);
        return switch (surroundings.fetcher().fetch(request, (head, answer) -> read(head, answer, json))) {
            case Streamed.Answer<JsonNode>(int status, Headers fields, JsonNode told, Duration _) ->
                new Told(status, fields, told, null);
            case Streamed.Failed<JsonNode>(UpstreamFailure failure) ->
                new Told(0, new Headers(), MissingNode.getInstance(), failure);
        };
    }

    /// What goes along to any URL of the control plane.
    Headers headers(URI uri) {
        return endpoint.extraHeadersFor(uri)
                .setIfAbsent("User-Agent", "olla-Discovery/" + surroundings.version())
                .setIfAbsent("Accept", "application/json");
    }

    private static JsonNode read(ResponseHead head, InputStream body, Function<InputStream, JsonNode> json)
            throws IOException {
        if (head.status() != 200) {
            return MissingNode.getInstance();
        }
        try {
            return json.apply(body);
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException _) {
            return MissingNode.getInstance();
        }
    }

    private static JsonNode tree(InputStream body) {
        return JSON.readTree(body);
    }

    private static JsonNode outline(InputStream body) {
        try (JsonParser parser = JSON.createParser(body)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return MissingNode.getInstance();
            }
            if (first == JsonToken.VALUE_STRING) {
                return JSON.getNodeFactory().stringNode(parser.getString());
            }
            ObjectNode outline = JSON.createObjectNode();
            String field = first == JsonToken.START_OBJECT ? parser.nextName() : null;
            while (field != null) {
                outline.set(field, outlined(parser));
                field = parser.nextName();
            }
            return outline;
        }
    }

    private static JsonNode outlined(JsonParser parser) {
        JsonToken value = parser.nextToken();
        parser.skipChildren();
        return switch (value) {
            case START_OBJECT -> JSON.createObjectNode();
            case START_ARRAY -> JSON.createArrayNode();
            case VALUE_STRING -> JSON.getNodeFactory().stringNode(parser.getString());
            case VALUE_NUMBER_INT ->
                JSON.getNodeFactory().numberNode(parser.getBigIntegerValue().longValue());
            case VALUE_TRUE, VALUE_FALSE -> JSON.getNodeFactory().booleanNode(value == JsonToken.VALUE_TRUE);
            default -> JSON.getNodeFactory().nullNode();
        };
    }
}
