package dev.olla.request;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What one of several servers made of a call.
///
/// @param status its own, or the one that a client would get if it were the only one
/// @param error null when it did what it should
record TargetResult(int status, @Nullable String error) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// Of a whole answer.
    static TargetResult of(int status, byte[] body) {
        return new TargetResult(status, status < 400 ? null : words(status, body));
    }

    private static String words(int status, byte[] body) {
        String error = error(body, 0, body.length);
        String text = new String(body, StandardCharsets.UTF_8).strip();
        return error != null ? error : text.isEmpty() ? "status " + status : text;
    }

    /// What a JSON object says under `error`; null when it says nothing there.
    static @Nullable String error(byte[] json, int offset, int length) {
        try {
            JsonNode error = JSON.readTree(json, offset, length).path("error");
            return error.isMissingNode() || error.isNull()
                    ? null
                    : error.isString() ? error.stringValue() : error.toString();
        } catch (JacksonException _) {
            return null;
        }
    }

    boolean done() {
        return error == null;
    }

    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("status", status);
        return error == null ? json : json.put("error", error);
    }
}
