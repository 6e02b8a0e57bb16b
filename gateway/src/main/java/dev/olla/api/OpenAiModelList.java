package dev.olla.api;

import dev.olla.fleet.Fleet;
import dev.olla.http.Exchange;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// A provider's models as OpenAI lists them: `/v1/models`.
public final class OpenAiModelList {

    private final FromModels<ProviderList> list;

    public OpenAiModelList(Fleet fleet, ModelScope scope) {
        list = new FromModels<>(
                fleet,
                snapshot -> ProviderList.of(
                        "{\"object\":\"list\",\"data\":[", scope.models(snapshot), OpenAiModelList::entry));
    }

    public void handle(Exchange exchange) {
        list.get().answer(exchange);
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
