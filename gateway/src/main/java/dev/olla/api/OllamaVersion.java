package dev.olla.api;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.Fleet;
import dev.olla.fleet.Inquiry;
import dev.olla.fleet.ServerVersion;
import dev.olla.http.Exchange;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The version that a client may count on: the lowest of the Ollamas, `/api/version`.
public final class OllamaVersion {

    private final OllamaFleet ollamas;

    public OllamaVersion(Fleet fleet, Inquiry inquiry) {
        ollamas = new OllamaFleet(fleet, inquiry);
    }

    public void handle(Exchange exchange) {
        ollamas.answer(exchange, "/api/version", OllamaVersion::lowest);
    }

    private static @Nullable ObjectNode lowest(Map<Endpoint, ObjectNode> answers) {
        return answers.values().stream()
                .map(answer -> answer.path("version"))
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .min(Comparator.comparing(ServerVersion::of))
                .map(version -> Json.object().put("version", version))
                .orElse(null);
    }
}
