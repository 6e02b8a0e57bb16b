package dev.olla.api;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.Fleet;
import dev.olla.fleet.Inquiry;
import dev.olla.http.Exchange;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the Ollamas have in memory now, all in one list, each entry with its endpoint: `/api/ps`.
public final class RunningModels {

    private final OllamaFleet ollamas;

    public RunningModels(Fleet fleet, Inquiry inquiry) {
        ollamas = new OllamaFleet(fleet, inquiry);
    }

    public void handle(Exchange exchange) {
        ollamas.answer(exchange, "/api/ps", RunningModels::merged);
    }

    private static ObjectNode merged(Map<Endpoint, ObjectNode> answers) {
        ObjectNode list = Json.object();
        ArrayNode models = list.putArray("models");
        answers.forEach((endpoint, answer) -> answer.path("models").forEach(entry -> {
            if (entry instanceof ObjectNode model) {
                model.putObject("olla").put("endpoint", endpoint.name());
                models.add(model);
            }
        }));
        return list;
    }
}
