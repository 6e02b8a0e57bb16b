package dev.olla.dialect;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The fields of one object of a request: each is asked for by its type, a wrong one is refused by its path, and
/// what nobody asked for is left over as [Extras]. A field that is `null` counts as absent.
public final class JsonFields {

    /// Beyond that no number is one that a server can read.
    private static final int MAX_MAGNITUDE = 400;

    private final JsonNode node;
    private final String path;
    private final Set<String> asked = new HashSet<>();

    private JsonFields(JsonNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /// @param path of the object; empty for the request itself
    /// @throws BadRequest where it is no object
    public static JsonFields of(JsonNode node, String path) throws BadRequest {
        if (node.isObject()) {
            return new JsonFields(node, path);
        }
        if (path.isEmpty()) {
            throw BadRequest.malformed(null, "the body must be a JSON object, got " + kind(node));
        }
        throw wrongType(path, "an object", node);
    }

    public static BadRequest wrongType(String path, String wanted, JsonNode got) {
        return BadRequest.malformed(path, path + " must be " + wanted + ", got " + kind(got));
    }

    /// What JSON calls such a value.
    public static String kind(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    /// The object's own path.
    public String path() {
        return path;
    }

    public String path(String name) {
        return path.isEmpty() ? name : path + '.' + name;
    }

    public JsonNode node() {
        return node;
    }

    /// Null when absent.
    public @Nullable JsonNode any(String name) {
        asked.add(name);
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /// Null when absent.
    public @Nullable String text(String name) throws BadRequest {
        JsonNode value = any(name);
        if (value != null && !value.isString()) {
            throw wrongType(path(name), "a string", value);
        }
        return value == null ? null : value.stringValue();
    }

    /// @throws BadRequest where it is absent too
    public String requiredText(String name) throws BadRequest {
        String value = text(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    public BadRequest missing(String name) {
        return BadRequest.invalid(path(name), path(name) + " is required");
    }

    /// Null when absent.
    public @Nullable Long integer(String name) throws BadRequest {
        JsonNode value = any(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrongType(path(name), "an integer", value);
        }
        return value.longValue();
    }

    /// Null when absent; exact.
    public @Nullable BigDecimal number(String name) throws BadRequest {
        JsonNode value = any(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw wrongType(path(name), "a number", value);
        }
        BigDecimal number = value.decimalValue();
        if (Math.abs((long) number.precision() - number.scale()) > MAX_MAGNITUDE) {
            throw BadRequest.malformed(path(name), path(name) + " is out of the range of numbers");
        }
        return number;
    }

    /// Null when absent.
    public @Nullable Boolean flag(String name) throws BadRequest {
        JsonNode value = any(name);
        if (value != null && !value.isBoolean()) {
            throw wrongType(path(name), "a boolean", value);
        }
        return value == null ? null : value.booleanValue();
    }

    /// Null when absent.
    public @Nullable JsonFields object(String name) throws BadRequest {
        JsonNode value = any(name);
        return value == null ? null : of(value, path(name));
    }

    /// Empty when absent.
    public List<JsonFields> objects(String name) throws BadRequest {
        List<JsonFields> all = new ArrayList<>();
        for (JsonNode element : elements(name)) {
            all.add(of(element, path(name) + '[' + all.size() + ']'));
        }
        return all;
    }

    /// Empty when absent.
    public List<String> texts(String name) throws BadRequest {
        List<String> all = new ArrayList<>();
        for (JsonNode element : elements(name)) {
            if (!element.isString()) {
                throw wrongType(path(name) + '[' + all.size() + ']', "a string", element);
            }
            all.add(element.stringValue());
        }
        return all;
    }

    private Iterable<JsonNode> elements(String name) throws BadRequest {
        JsonNode value = any(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrongType(path(name), "an array", value);
        }
        return value;
    }

    /// What nobody has asked for yet; fields that are `null` too.
    public Map<String, JsonNode> rest() {
        Map<String, JsonNode> rest = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!asked.contains(field.getKey())) {
                rest.put(field.getKey(), field.getValue());
            }
        }
        return rest;
    }

    /// What nobody has asked for yet, all of it harmless to lose.
    public Extras extras(Dialect dialect) {
        return new Extras(dialect, rest());
    }
}
