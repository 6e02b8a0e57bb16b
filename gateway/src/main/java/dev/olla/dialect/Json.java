package dev.olla.dialect;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON as translation reads and writes it: numbers exact, keys in their order, nothing escaped that need not be.
public final class Json {

    /// How deep a request may nest.
    private static final int MAX_DEPTH = 500;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /// The text as a tree.
    ///
    /// @throws BadRequest where it is no JSON, without quoting it
    public static JsonNode tree(byte[] utf8, int offset, int length) throws BadRequest {
        try {
            return MAPPER.readTree(utf8, offset, length);
        } catch (JacksonException wrong) {
            throw new BadRequest(null, "the body is not valid JSON: " + place(wrong));
        }
    }

    private static String place(JacksonException wrong) {
        return wrong.getLocation() == null
                ? "it ends too early"
                : "line " + wrong.getLocation().getLineNr() + ", column "
                        + wrong.getLocation().getColumnNr();
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// In UTF-8, on one line.
    public static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    /// On one line.
    public static String text(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }
}
