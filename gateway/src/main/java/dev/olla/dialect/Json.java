package dev.olla.dialect;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
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

    /// What is read nests a little deeper when it is written in another format.
    private static final int MAX_WRITTEN_DEPTH = 2 * MAX_DEPTH;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(MAX_WRITTEN_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /// The text of a request as a tree.
    ///
    /// @throws BadRequest where it is no JSON, without quoting it
    public static JsonNode tree(byte[] utf8, int offset, int length) throws BadRequest {
        try {
            return MAPPER.readTree(utf8, offset, length);
        } catch (JacksonException wrong) {
            throw BadRequest.malformed(null, "the body is not valid JSON: " + place(wrong));
        }
    }

    /// The text of an answer as a tree. Bytes that are no UTF-8 read as U+FFFD, since a server may cut a character.
    ///
    /// @return null where it is no JSON
    public static @Nullable JsonNode treeOrNull(byte[] utf8, int offset, int length) {
        try {
            return known(MAPPER.readTree(utf8, offset, length));
        } catch (JacksonException _) {
            return treeOrNull(new String(utf8, offset, length, StandardCharsets.UTF_8));
        }
    }

    /// @return null where it is no JSON
    public static @Nullable JsonNode treeOrNull(String text) {
        try {
            return known(MAPPER.readTree(text));
        } catch (JacksonException _) {
            return null;
        }
    }

    private static @Nullable JsonNode known(JsonNode tree) {
        return tree.isMissingNode() ? null : tree;
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

    /// The text that a field holds.
    ///
    /// @return null where it is empty, or no text
    public static @Nullable String textOrNull(JsonNode node) {
        return node.isString() && !node.stringValue().isEmpty() ? node.stringValue() : null;
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
