package dev.olla.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// JSON as our own answers write it: records in their own order, in snake case, without what is null.
final class Json {

    static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(value -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    static final String CONTENT_TYPE = "application/json";

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /// JSON that is written as it is.
    static JsonNode verbatim(String json) {
        return JsonNodeFactory.instance.rawValueNode(new RawValue(json));
    }

    /// Answers 200 with JSON in bytes, which must not be changed.
    static void respondWritten(Exchange exchange, byte[] json) {
        exchange.respond(200, Headers.of("Content-Type", CONTENT_TYPE), json);
    }

    /// Answers 200 with that value.
    static void respond(Exchange exchange, Object value) {
        exchange.respond(200, Headers.of("Content-Type", CONTENT_TYPE), MAPPER.writeValueAsBytes(value));
    }
}
