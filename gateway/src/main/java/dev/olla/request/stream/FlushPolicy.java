package dev.olla.request.stream;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// When the bytes of an answer leave for the client.
public enum FlushPolicy {
    /// As they come.
    AT_ONCE,
    /// Gathered up to 4 KiB or 20 ms.
    GATHERED;

    private static final List<String> STREAMS =
            List.of("text/event-stream", "application/x-ndjson", "application/stream+json", "application/json-seq");

    private static final List<String> FILES = List.of(
            "image/",
            "video/",
            "audio/",
            "font/",
            "model/",
            "application/pdf",
            "application/zip",
            "application/gzip",
            "application/x-tar",
            "application/vnd.rar",
            "application/x-7z-compressed",
            "application/octet-stream",
            "application/msword",
            "application/vnd.ms-",
            "application/vnd.openxmlformats");

    /// @param profile `auto`, `streaming` or `standard`
    /// @param contentType of the answer, or null
    static FlushPolicy of(String profile, @Nullable String contentType) {
        String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
        if (isStream(type) || profile.equals("streaming")) {
            return AT_ONCE;
        }
        boolean gathered = profile.equals("standard") || FILES.stream().anyMatch(type::startsWith);
        return gathered ? GATHERED : AT_ONCE;
    }

    /// Whether the type is one of those that carry events.
    static boolean isStream(String lowerCaseType) {
        for (String stream : STREAMS) {
            if (lowerCaseType.startsWith(stream)) {
                return true;
            }
        }
        return false;
    }
}
