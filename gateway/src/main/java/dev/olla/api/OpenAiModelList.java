package dev.olla.api;

import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A provider's models as OpenAI lists them: `/v1/models`.
public final class OpenAiModelList {

    private final FromModels<byte[]> list;

    public OpenAiModelList(Fleet fleet, ModelScope scope) {
        list = new FromModels<>(fleet, snapshot -> Json.MAPPER.writeValueAsBytes(list(scope.models(snapshot))));
    }

    public void handle(Exchange exchange) {
        Json.respondWritten(exchange, list.get());
    }

    private static ObjectNode list(List<ModelSource> sources) {
        ObjectNode list = Json.object().put("object", "list");
        ArrayNode entries = list.putArray("data");
        sources.forEach(source -> entries.add(entry(source)));
        return list;
    }

    static ObjectNode entry(ModelSource source) {
        Instant created = source.created();
        return Json.object()
                .put("id", source.model().name())
                .put("object", "model")
                .put("created", created == null ? 0 : created.getEpochSecond())
                .put("owned_by", "olla");
    }
}
