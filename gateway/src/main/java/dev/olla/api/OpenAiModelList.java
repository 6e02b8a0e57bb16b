package dev.olla.api;

import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A provider's models as OpenAI lists them: `/v1/models`.
public final class OpenAiModelList {

    private final Fleet fleet;
    private final ModelScope scope;

    public OpenAiModelList(Fleet fleet, ModelScope scope) {
        this.fleet = fleet;
        this.scope = scope;
    }

    public void handle(Exchange exchange) {
        ObjectNode list = Json.object().put("object", "list");
        ArrayNode data = list.putArray("data");
        for (ModelSource source : scope.models(fleet.snapshot())) {
            Instant created = source.created();
            data.addObject()
                    .put("id", source.model().name())
                    .put("object", "model")
                    .put("created", created == null ? 0 : created.getEpochSecond())
                    .put("owned_by", "olla");
        }
        Json.respond(exchange, list);
    }
}
