package dev.olla.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads a model list while it comes, entry by entry: what it takes of memory is one entry and the models
/// themselves.
final class ModelListReader {

    /// More entries than this are left out.
    static final int MAX_ENTRIES = 20_000;

    /// What one entry may hold: characters, and so many for each of its parts. A longer one is left out.
    private static final int MAX_ENTRY = 256 * 1024;

    private static final int COST_OF_A_PART = 16;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(4 * MAX_ENTRY)
                    .maxNestingDepth(100)
                    .build())
            .build();

    private final ModelListFormat format;
    private final List<DiscoveredModel> models = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private int unusable;
    private int beyond;

    private ModelListReader(ModelListFormat format) {
        this.format = format;
    }

    /// Reads a whole list; an empty body, or a null in the place of the array, is a list of no models.
    ///
    /// @throws IOException when the body ends before its end
    static ModelList read(ModelListFormat format, InputStream body) throws IOException {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            return new ModelListReader(format).read(parser);
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (StreamConstraintsException _) {
            return new ModelList.Unreadable("holds a text that is too long, or is nested too deeply");
        } catch (JacksonException _) {
            return new ModelList.Unreadable("is not JSON");
        }
    }

    private ModelList read(JsonParser parser) {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return listed();
        }
        if (first != JsonToken.START_OBJECT) {
            return new ModelList.Unreadable("is no JSON object");
        }
        boolean found = readObject(parser);
        if (parser.nextToken() != null) {
            return new ModelList.Unreadable("has something after its JSON");
        }
        return found ? listed() : new ModelList.Unreadable("has no \"" + format.array() + "\" array");
    }

    private ModelList listed() {
        return new ModelList.Listed(models, unusable, beyond);
    }

    private boolean readObject(JsonParser parser) {
        boolean found = false;
        String field = parser.nextName();
        while (field != null) {
            JsonToken value = parser.nextToken();
            if (!field.equals(format.array())) {
                parser.skipChildren();
            } else if (value == JsonToken.START_ARRAY) {
                found = true;
                readArray(parser);
            } else {
                found |= value == JsonToken.VALUE_NULL;
                parser.skipChildren();
            }
            field = parser.nextName();
        }
        return found;
    }

    private void readArray(JsonParser parser) {
        JsonToken value = parser.nextToken();
        while (value != JsonToken.END_ARRAY) {
            if (models.size() >= MAX_ENTRIES) {
                parser.skipChildren();
                beyond++;
            } else if (value == JsonToken.START_OBJECT) {
                take(new Entry(parser).read());
            } else {
                parser.skipChildren();
                unusable++;
            }
            value = parser.nextToken();
        }
    }

    private void take(@Nullable ObjectNode node) {
        ModelEntry entry = new ModelEntry(node == null ? JsonNodeFactory.instance.objectNode() : node);
        String name = entry.text(format.key());
        if (name == null) {
            unusable++;
        } else if (names.add(name)) {
            models.add(format.read(entry));
        }
    }

    /// One entry under the parser, which is left at its end.
    private static final class Entry {

        private final JsonParser parser;
        private int left = MAX_ENTRY;

        Entry(JsonParser parser) {
            this.parser = parser;
        }

        /// Null when it is too long.
        @Nullable
        ObjectNode read() {
            ObjectNode node = object();
            return left < 0 ? null : node;
        }

        private ObjectNode object() {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            String field = parser.nextName();
            while (field != null) {
                left -= COST_OF_A_PART + field.length();
                JsonToken value = parser.nextToken();
                if (left < 0) {
                    parser.skipChildren();
                } else {
                    put(node, field, value);
                }
                field = parser.nextName();
            }
            return node;
        }

        private void put(ObjectNode node, String field, JsonToken value) {
            switch (value) {
                case START_OBJECT -> node.set(field, object());
                case START_ARRAY -> node.set(field, array());
                case VALUE_STRING -> node.put(field, text());
                case VALUE_NUMBER_INT -> number(node, field);
                case VALUE_NUMBER_FLOAT -> node.put(field, parser.getDoubleValue());
                case VALUE_TRUE, VALUE_FALSE -> node.put(field, value == JsonToken.VALUE_TRUE);
                default -> node.putNull(field);
            }
        }

        private void number(ObjectNode node, String field) {
            if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                node.put(field, parser.getBigIntegerValue());
            } else {
                node.put(field, parser.getLongValue());
            }
        }

        private ArrayNode array() {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            JsonToken value = parser.nextToken();
            while (value != JsonToken.END_ARRAY) {
                left -= COST_OF_A_PART;
                if (left < 0) {
                    parser.skipChildren();
                } else {
                    add(array, value);
                }
                value = parser.nextToken();
            }
            return array;
        }

        private void add(ArrayNode array, JsonToken value) {
            ObjectNode holder = JsonNodeFactory.instance.objectNode();
            put(holder, "", value);
            array.add(holder.get(""));
        }

        private String text() {
            String text = parser.getString();
            left -= text.length();
            return text;
        }
    }
}
