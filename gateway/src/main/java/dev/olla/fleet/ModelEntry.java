package dev.olla.fleet;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads one entry of a model list leniently: a field that is absent, empty or of a wrong type is simply not known.
record ModelEntry(ObjectNode node) {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final long LAST_SECOND =
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    @Nullable
    String text(String field) {
        JsonNode value = node.get(field);
        if (value == null || !value.isString() || value.stringValue().isBlank()) {
            return null;
        }
        return value.stringValue();
    }

    /// The text, or null where it is one of those that say nothing.
    @Nullable
    String textUnless(String field, String... meaningless) {
        String text = text(field);
        if (text == null) {
            return null;
        }
        for (String word : meaningless) {
            if (text.equalsIgnoreCase(word)) {
                return null;
            }
        }
        return text;
    }

    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : node.path(field)) {
            if (value.isString()) {
                texts.add(value.stringValue());
            }
        }
        return texts;
    }

    String json() {
        return JSON.writeValueAsString(node);
    }

    /// A count; 0 where it is not known.
    long count(String field) {
        JsonNode value = node.get(field);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            return 0;
        }
        return Math.max(0, value.longValue());
    }

    boolean isTrue(String field) {
        JsonNode value = node.get(field);
        return value != null && value.isBoolean() && value.booleanValue();
    }

    /// A moment in seconds since 1970.
    @Nullable
    Instant epochSeconds(String field) {
        JsonNode value = node.get(field);
        long seconds = value != null && value.isFloatingPointNumber() ? (long) value.doubleValue() : count(field);
        return seconds <= 0 || seconds > LAST_SECOND ? null : Instant.ofEpochSecond(seconds);
    }

    /// A moment as RFC 3339 writes it; the year 1, which servers written in Go send for "never", is not known.
    @Nullable
    Instant timestamp(String field) {
        String text = text(field);
        if (text == null) {
            return null;
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            return time.getYear() <= 1 ? null : time.toInstant();
        } catch (DateTimeException _) {
            return null;
        }
    }

    /// The object in that field; an empty entry where there is none.
    ModelEntry object(String field) {
        return node.get(field) instanceof ObjectNode object
                ? new ModelEntry(object)
                : new ModelEntry(node.objectNode());
    }
}
