package dev.olla.api;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.http.Exchange;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A provider's list as it is sent, the same for every client.
///
/// @param json null when it is too long to be sent; not to be changed
@SuppressWarnings("ArrayRecordComponent") // never compared
record ProviderList(byte @Nullable [] json) {

    static ProviderList of(String start, List<ModelSource> sources, Function<ModelSource, @Nullable JsonNode> entry) {
        return new ProviderList(JsonList.write(start, sources, entry, "]}"));
    }

    void answer(Exchange exchange) {
        if (json == null) {
            ErrorAnswer.respond(exchange, 503, "list_too_long", "the list is too long to be sent");
            return;
        }
        Json.respondWritten(exchange, json);
    }
}
