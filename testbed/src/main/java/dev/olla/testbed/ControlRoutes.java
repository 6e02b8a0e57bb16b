package dev.olla.testbed;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The control of a simulated server from another process: `fault`, `models`, `stats`, `stop`, `restart`.
///
/// Blocks while sockets open and close.
final class ControlRoutes {

    private ControlRoutes() {}

    static Answer.Sized answer(SimulatedServer server, String method, String path, byte[] body) {
        try {
            return switch (method + " " + path) {
                case "PUT fault" -> {
                    server.fault(FaultJson.read(Json.MAPPER.readTree(body)));
                    yield done();
                }
                case "DELETE fault" -> {
                    server.clearFault();
                    yield done();
                }
                case "PUT models" -> {
                    server.setModels(models(Json.MAPPER.readTree(body)));
                    yield done();
                }
                case "PUT stop" -> {
                    server.stop();
                    yield done();
                }
                case "PUT restart" -> {
                    server.restart();
                    yield done();
                }
                case "GET stats" -> Answer.Sized.json(stats(server));
                default -> Envelope.OLLAMA.answer(404, "no such control: " + method + " " + path);
            };
        } catch (JacksonException | IllegalArgumentException e) {
            return Envelope.OLLAMA.answer(400, String.valueOf(e.getMessage()));
        }
    }

    private static Answer.Sized done() {
        return Answer.Sized.json(Json.object().put("ok", true));
    }

    private static ObjectNode stats(SimulatedServer server) {
        ObjectNode requests = Json.object();
        server.requestsByPath().forEach(requests::put);
        ObjectNode stats = Json.object()
                .put("name", server.name())
                .put("kind", server.kind().toString())
                .put("uri", server.uri().toString())
                .put("total_requests", server.totalRequests());
        stats.set("requests", requests);
        stats.put("client_closes", server.clientCloses())
                .put("active", server.activeExchanges())
                .put("waiting", server.waitingForSlot())
                .put("open_connections", server.openConnections())
                .put("model_loads", server.modelLoads())
                .put("fault", server.currentFault() == null ? null : String.valueOf(server.currentFault()));
        return stats.set("recorded", recorded(server.recorded()));
    }

    private static ArrayNode recorded(List<RecordedRequest> requests) {
        ArrayNode list = Json.array();
        for (RecordedRequest request : requests) {
            ArrayNode headers = Json.array();
            request.headers()
                    .forEach(header ->
                            headers.add(Json.object().put("name", header.name()).put("value", header.value())));
            list.add(Json.object()
                    .put("method", request.method())
                    .put("path", request.path())
                    .set("headers", headers)
                    .put("body", request.bodyText()));
        }
        return list;
    }

    /// A list of names, or of objects with `name` and optionally `size` and `digest`.
    private static List<SimulatedModel> models(JsonNode json) {
        if (!json.isArray()) {
            throw new IllegalArgumentException("models must be a list");
        }
        List<SimulatedModel> models = new ArrayList<>();
        for (JsonNode item : json) {
            String name = item.isString() ? item.asString() : item.path("name").asString("");
            SimulatedModel usual = SimulatedModel.of(name);
            long size = item.path("size").asLong(usual.size());
            models.add(SimulatedModel.of(name, size, item.path("digest").asString(usual.digest())));
        }
        return models;
    }
}
