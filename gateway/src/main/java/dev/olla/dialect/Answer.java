package dev.olla.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A whole answer.
///
/// @param id the server's name for it; null where it has none
/// @param model as the server names it; null where it doesn't
/// @param created in seconds since 1970; 0 where the server doesn't say
/// @param content thoughts, texts, refusals and tool calls in their order
/// @param stopSequence the text that ended it; null where none did or none is named
public record Answer(
        @Nullable String id,
        @Nullable String model,
        long created,
        List<Part> content,
        StopReason stop,
        @Nullable String stopSequence,
        Usage usage) {

    public Answer {
        content = List.copyOf(content);
    }
}
