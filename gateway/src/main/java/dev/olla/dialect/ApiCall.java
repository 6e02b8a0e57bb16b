package dev.olla.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A call by which clients have a model work, in the one format that it belongs to.
public enum ApiCall {
    /// Anthropic Messages.
    MESSAGES(Dialect.ANTHROPIC, "/v1/messages"),
    /// OpenAI Chat Completions.
    CHAT(Dialect.OPENAI, "/v1/chat/completions"),
    /// OpenAI's legacy completions.
    COMPLETIONS(Dialect.OPENAI, "/v1/completions"),
    EMBEDDINGS(Dialect.OPENAI, "/v1/embeddings"),
    /// OpenAI Responses.
    RESPONSES(Dialect.RESPONSES, "/v1/responses"),
    OLLAMA_CHAT(Dialect.OLLAMA, "/api/chat"),
    OLLAMA_GENERATE(Dialect.OLLAMA, "/api/generate"),
    OLLAMA_EMBED(Dialect.OLLAMA, "/api/embed"),
    /// One text, and one vector back: `/api/embed` of older clients.
    OLLAMA_EMBEDDINGS(Dialect.OLLAMA, "/api/embeddings");

    private final Dialect dialect;
    private final String path;

    ApiCall(Dialect dialect, String path) {
        this.dialect = dialect;
        this.path = path;
    }

    /// The call that clients make at that path; null where it is none of these.
    ///
    /// @param path without the gateway's prefix
    public static @Nullable ApiCall at(String path) {
        for (ApiCall call : values()) {
            if (call.path.equals(path)) {
                return call;
            }
        }
        return null;
    }

    public Dialect dialect() {
        return dialect;
    }

    /// Where it is made, by the format's own documentation.
    public String path() {
        return path;
    }

    /// The calls of other formats that say the same, best first. What is asked may narrow them down further.
    public List<ApiCall> equivalents() {
        return switch (this) {
            case MESSAGES -> List.of(CHAT, OLLAMA_CHAT, RESPONSES);
            case CHAT -> List.of(OLLAMA_CHAT, MESSAGES, RESPONSES);
            case RESPONSES -> List.of(CHAT, OLLAMA_CHAT, MESSAGES);
            case OLLAMA_GENERATE -> List.of(CHAT, MESSAGES, RESPONSES, COMPLETIONS);
            case OLLAMA_CHAT -> List.of(CHAT, MESSAGES, RESPONSES);
            case COMPLETIONS -> List.of(OLLAMA_GENERATE);
            case EMBEDDINGS -> List.of(OLLAMA_EMBED);
            case OLLAMA_EMBED, OLLAMA_EMBEDDINGS -> List.of(EMBEDDINGS);
        };
    }
}
