package dev.olla.request;

import dev.olla.dialect.ApiCall;
import dev.olla.dialect.ErrorAnswer;
import dev.olla.dialect.Json;
import dev.olla.dialect.responses.ResponseStore;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.request.route.ProviderScope;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/// Responses by their names: `GET` and `DELETE /v1/responses/{id}` of OpenAI's API. Those that were made here by
/// translation are answered here, those that a server made by that server. Safe for all event loops.
public final class StoredResponses {

    private final RequestPipeline pipeline;
    private final ProviderScope scope;

    public StoredResponses(RequestPipeline pipeline, ProviderScope scope) {
        this.pipeline = pipeline;
        this.scope = scope;
    }

    /// The path before the names.
    public static String pathUnder(String prefix) {
        return prefix + ApiCall.RESPONSES.path() + '/';
    }

    public void handle(Exchange exchange) {
        String rest = exchange.path().substring(pathUnder(scope.pathPrefix()).length());
        int slash = rest.indexOf('/');
        String id = decoded(slash < 0 ? rest : rest.substring(0, slash));
        ResponseStore store = pipeline.formats().requests().store();
        String method = exchange.request().method();
        switch (store.find(id)) {
            case ResponseStore.Found.Here(ObjectNode response)
            when slash < 0 && reads(method) -> answer(exchange, response);
            case ResponseStore.Found.Here(ObjectNode _)
            when slash < 0 && method.equals("DELETE") -> {
                store.remove(id);
                answer(
                        exchange,
                        Json.object().put("id", id).put("object", "response").put("deleted", true));
            }
            case ResponseStore.Found.Here(ObjectNode _)
            when slash < 0 ->
                ErrorAnswer.respond(
                        exchange,
                        405,
                        "method_not_allowed",
                        "method not allowed",
                        Headers.of("Allow", "GET, HEAD, DELETE"));
            case ResponseStore.Found.Here(ObjectNode _) ->
                ErrorAnswer.respond(exchange, 404, "not_found", "of a response kept here there is only the whole");
            case ResponseStore.Found.Elsewhere(String endpoint) -> {
                if (method.equals("DELETE") && slash < 0) {
                    store.remove(id);
                }
                pipeline.handleAt(exchange, scope, endpoint);
            }
            case ResponseStore.Found.Unknown(String unknown) ->
                ErrorAnswer.respond(exchange, 404, "not_found", "Response with id '" + unknown + "' not found.");
        }
    }

    private static boolean reads(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return segment;
        }
    }

    private static void answer(Exchange exchange, ObjectNode body) {
        exchange.respond(200, Headers.of("Content-Type", "application/json"), Json.bytes(body));
    }
}
