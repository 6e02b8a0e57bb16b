package dev.olla.request;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A call of Ollama's API that changes the models of a server, or the blobs that they are made of.
enum ManagementCall {
    PULL("POST", "/api/pull", true, true),
    PUSH("POST", "/api/push", true, false),
    CREATE("POST", "/api/create", true, true),
    COPY("POST", "/api/copy", false, true),
    DELETE("DELETE", "/api/delete", false, true),
    HAS_BLOB("HEAD", null, false, false),
    ADD_BLOB("POST", null, false, false);

    private static final Pattern BLOB = Pattern.compile("/api/blobs/[A-Za-z0-9]+(?:[:-]|%3[aA])[A-Za-z0-9]+");

    private final String method;
    private final @Nullable String path;
    private final boolean streams;
    private final boolean changesModels;

    ManagementCall(String method, @Nullable String path, boolean streams, boolean changesModels) {
        this.method = method;
        this.path = path;
        this.streams = streams;
        this.changesModels = changesModels;
    }

    /// The call of that method and path, exactly as written; null when it is none.
    ///
    /// @param asked the path as the server would see it
    static @Nullable ManagementCall of(String method, String asked) {
        for (ManagementCall call : values()) {
            boolean there = call.path == null ? BLOB.matcher(asked).matches() : call.path.equals(asked);
            if (there && call.method.equals(method)) {
                return call;
            }
        }
        return null;
    }

    /// Whether it is about a blob, so that its body is no JSON.
    boolean ofBlob() {
        return path == null;
    }

    /// Whether its answer tells of its progress, unless the request doesn't want that.
    boolean streams() {
        return streams;
    }

    /// Whether a server has other models afterwards.
    boolean changesModels() {
        return changesModels;
    }
}
