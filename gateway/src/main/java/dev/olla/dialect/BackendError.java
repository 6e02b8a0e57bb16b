package dev.olla.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An error that a server answered with, whatever its form: OpenAI's envelope, Anthropic's, Ollama's text, a plain
/// line, or a page of HTML.
///
/// @param status 400 to 599
/// @param type as the server calls it; null where it doesn't
/// @param code as the server calls it; null where it doesn't
/// @param message never empty
/// @param overflow what it says of the length of the prompt; null where it is about something else
public record BackendError(
        int status,
        @Nullable String type,
        @Nullable String code,
        String message,
        @Nullable ContextOverflow overflow) {

    /// What stands for a message where there is none that one could show.
    public static final String UNKNOWN = "Backend error";

    private static final int LONGEST_TEXT = 500;

    private static final Map<String, Integer> STATUS_OF_TYPE = Map.ofEntries(
            Map.entry("invalid_request_error", 400),
            Map.entry("badrequesterror", 400),
            Map.entry("authentication_error", 401),
            Map.entry("billing_error", 402),
            Map.entry("permission_error", 403),
            Map.entry("not_found_error", 404),
            Map.entry("notfounderror", 404),
            Map.entry("request_too_large", 413),
            Map.entry("exceed_context_size_error", 400),
            Map.entry("rate_limit_error", 429),
            Map.entry("rate_limit_exceeded", 429),
            Map.entry("timeout_error", 504),
            Map.entry("unavailable_error", 503),
            Map.entry("overloaded_error", 529));

    /// Reads the body of an answer of that status.
    public static BackendError read(int status, byte[] body) {
        JsonNode tree = Json.treeOrNull(body, 0, body.length);
        if (tree != null && tree.isObject()) {
            return read(status, tree);
        }
        if (tree != null) {
            return of(status, null, null, firstText(tree));
        }
        String text = new String(body, StandardCharsets.UTF_8).strip();
        boolean shown = !text.isEmpty() && text.length() <= LONGEST_TEXT && text.charAt(0) != '<';
        return of(status, null, null, shown ? text : UNKNOWN);
    }

    /// Reads an error that came where the answer was already running.
    ///
    /// @param body the object that has the field `error`
    public static BackendError readInStream(JsonNode body) {
        BackendError error = read(500, body);
        return new BackendError(statusInStream(body, error), error.type, error.code, error.message, error.overflow);
    }

    private static int statusInStream(JsonNode body, BackendError error) {
        JsonNode code = body.path("error").path("code");
        if (code.isInt() && code.intValue() >= 400 && code.intValue() <= 599) {
            return code.intValue();
        }
        if (error.overflow != null) {
            return 400;
        }
        String type = error.type == null ? "" : error.type.toLowerCase(Locale.ROOT);
        return STATUS_OF_TYPE.getOrDefault(type, 500);
    }

    private static BackendError read(int status, JsonNode body) {
        JsonNode error = body.path("error").isObject() ? body.path("error") : body;
        String message = firstText(error.path("message"), body.path("error"), body.path("message"), detail(body));
        String type = textOrNull(error.path("type"));
        JsonNode code = error.path("code");
        String word = code.isNumber() ? code.asString() : textOrNull(code);
        String sign = word != null && !code.isNumber() ? word : type;
        return new BackendError(status, type, word, message, ContextOverflow.of(sign, message, error));
    }

    /// FastAPI's: a text, or a list of what is wrong.
    private static JsonNode detail(JsonNode body) {
        JsonNode detail = body.path("detail");
        return detail.isArray() ? detail.path(0).path("msg") : detail;
    }

    private static String firstText(JsonNode... places) {
        for (JsonNode place : places) {
            String text = textOrNull(place);
            if (text != null) {
                return text;
            }
        }
        return UNKNOWN;
    }

    private static @Nullable String textOrNull(JsonNode node) {
        return node.isString() && !node.stringValue().isBlank() ? node.stringValue() : null;
    }

    /// An error that the gateway itself tells of a server.
    public static BackendError of(int status, @Nullable String type, @Nullable String code, String message) {
        return new BackendError(status, type, code, message, ContextOverflow.of(type, message, null));
    }

    public AnswerEvent.Failed event() {
        return new AnswerEvent.Failed(status, type, message);
    }

    /// The status to answer with: a prompt that is too long is the caller's fault, whatever the server thinks.
    public int statusFor(ErrorFormat format) {
        return overflow != null && format != ErrorFormat.PLAIN ? 400 : status;
    }

    /// The body to answer with, in UTF-8.
    ///
    /// @param requestId null where the request has none
    public byte[] render(ErrorFormat format, @Nullable String requestId) {
        return switch (format) {
            case OPENAI -> Json.bytes(openAi());
            case ANTHROPIC -> Json.bytes(anthropic(requestId));
            case OLLAMA, PLAIN -> format.render(status, "", message, requestId);
        };
    }

    /// `{"error":{…}}` as OpenAI has it.
    public ObjectNode openAi() {
        ObjectNode body = Json.object();
        ObjectNode error = body.putObject("error").put("message", message);
        String standard = statusFor(ErrorFormat.OPENAI) >= 500 ? "server_error" : "invalid_request_error";
        error.put("type", type == null || overflow != null ? standard : type);
        error.putNull("param");
        error.put("code", overflow == null ? code : "context_length_exceeded");
        return body;
    }

    /// `{"type":"error",…}` as Anthropic has it.
    public ObjectNode anthropic(@Nullable String requestId) {
        ObjectNode body = Json.object().put("type", "error");
        body.putObject("error")
                .put("type", ErrorFormat.anthropicType(statusFor(ErrorFormat.ANTHROPIC)))
                .put("message", overflow == null ? message : overflow.message());
        if (requestId != null) {
            body.put("request_id", requestId);
        }
        return body;
    }
}
