package dev.olla.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The form in which an error of the gateway's own is told, so that the caller's library can read it.
public enum ErrorFormat {
    /// `{"error":{"message","type","code"}}`
    OPENAI,
    /// `{"error":"…"}`
    OLLAMA,
    /// `{"type":"error","error":{"type","message"},"request_id"}`
    ANTHROPIC,
    /// One line of text.
    PLAIN;

    private static final String ROOT = "/olla/";

    private static final String ANTHROPIC_ROUTES = "/olla/anthropic/";

    /// What follows `/api/` on Ollama's own paths.
    private static final Set<String> OLLAMA_CALLS = Set.of(
            "chat",
            "generate",
            "embed",
            "embeddings",
            "tags",
            "show",
            "ps",
            "version",
            "list",
            "pull",
            "push",
            "create",
            "copy",
            "delete",
            "blobs");

    private static final JsonMapper JSON = JsonMapper.shared();

    /// The form that callers of that path expect.
    ///
    /// @param path without query, cleaned
    public static ErrorFormat forPath(String path) {
        if (!path.startsWith(ROOT)) {
            return PLAIN;
        }
        if (isForAnthropicClients(path)) {
            return ANTHROPIC;
        }
        String[] segments = path.substring(ROOT.length()).split("/", 4);
        return !segments[0].equals("models") && isOllamaCall(segments) ? OLLAMA : OPENAI;
    }

    /// Whether clients of Anthropic's API come there.
    ///
    /// @param path without query, cleaned
    public static boolean isForAnthropicClients(String path) {
        return path.startsWith(ANTHROPIC_ROUTES)
                || path.equals("/olla/anthropic")
                || path.equals("/olla/any/v1/messages");
    }

    private static boolean isOllamaCall(String[] segments) {
        return segments.length > 2 && segments[1].equals("api") && OLLAMA_CALLS.contains(segments[2]);
    }

    /// The value of `Content-Type`.
    public String contentType() {
        return this == PLAIN ? "text/plain; charset=utf-8" : "application/json";
    }

    /// The body of the answer, in UTF-8.
    ///
    /// @param status 400 to 599
    /// @param code a word for programs, for instance `model_not_found`
    /// @param message for people; may hold any text
    /// @param requestId null where the request has none
    public byte[] render(int status, String code, String message, @Nullable String requestId) {
        return switch (this) {
            case OPENAI -> JSON.writeValueAsBytes(openAi(status, code, message));
            case OLLAMA -> JSON.writeValueAsBytes(object().put("error", message));
            case ANTHROPIC -> JSON.writeValueAsBytes(anthropic(status, message, requestId));
            case PLAIN -> (message + '\n').getBytes(StandardCharsets.UTF_8);
        };
    }

    private static ObjectNode openAi(int status, String code, String message) {
        ObjectNode body = object();
        body.putObject("error")
                .put("message", message)
                .put("type", status >= 500 ? "server_error" : "invalid_request_error")
                .put("code", code);
        return body;
    }

    private static ObjectNode anthropic(int status, String message, @Nullable String requestId) {
        ObjectNode body = object().put("type", "error");
        body.putObject("error").put("type", anthropicType(status)).put("message", message);
        if (requestId != null) {
            body.put("request_id", requestId);
        }
        return body;
    }

    /// Whether a server's body is an error in Anthropic's form already.
    public static boolean isAnthropic(byte[] body) {
        JsonNode tree = Json.treeOrNull(body, 0, body.length);
        return tree != null
                && tree.path("type").asString("").equals("error")
                && tree.path("error").path("type").isString()
                && tree.path("error").path("message").isString();
    }

    /// What Anthropic calls an error of that status.
    public static String anthropicType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 408, 504 -> "timeout_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 529 -> "overloaded_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
