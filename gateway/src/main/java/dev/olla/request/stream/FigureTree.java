package dev.olla.request.stream;

import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads of a JSON object what may hold figures: its numbers, the few texts that belong to them, and of arrays
/// the first element. The text of an answer is passed over without being decoded.
final class FigureTree {

    private static final Set<String> TEXTS = Set.of("model", "finish_reason", "done_reason", "stop_reason", "status");

    private FigureTree() {}

    /// @param parser at the start of an object; afterwards at its end
    static ObjectNode read(JsonParser parser) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            member(object, parser.currentName(), parser.nextToken(), parser);
        }
        return object;
    }

    private static void member(ObjectNode object, String name, JsonToken value, JsonParser parser) {
        switch (value) {
            case START_OBJECT -> object.set(name, read(parser));
            case START_ARRAY -> object.set(name, first(parser));
            case VALUE_STRING -> {
                if (TEXTS.contains(name)) {
                    object.put(name, parser.getString());
                }
            }
            case VALUE_NUMBER_INT -> integer(object, name, parser);
            case VALUE_NUMBER_FLOAT -> object.put(name, parser.getDoubleValue());
            case VALUE_TRUE -> object.put(name, true);
            case VALUE_FALSE -> object.put(name, false);
            default -> object.putNull(name);
        }
    }

    /// What is too large for a count is none.
    private static void integer(ObjectNode object, String name, JsonParser parser) {
        if (parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            object.put(name, parser.getLongValue());
        }
    }

    private static ArrayNode first(JsonParser parser) {
        ArrayNode first = JsonNodeFactory.instance.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (!first.isEmpty()) {
                parser.skipChildren();
            } else if (token == JsonToken.START_OBJECT) {
                first.add(read(parser));
            } else {
                parser.skipChildren();
                first.addNull();
            }
        }
        return first;
    }
}
