package dev.olla.dialect.openai;

import dev.olla.dialect.StopReason;

/// `finish_reason` of Chat Completions.
final class ChatStops {

    private ChatStops() {}

    /// A word that nobody knows is the end.
    static StopReason read(String word) {
        return switch (word) {
            case "tool_calls", "function_call" -> StopReason.TOOL_USE;
            case "length" -> StopReason.LENGTH;
            case "content_filter" -> StopReason.REFUSAL;
            default -> StopReason.END;
        };
    }

    /// Whether the word says that the server gave up.
    static boolean isFailure(String word) {
        return word.equals("error") || word.equals("abort");
    }

    static String write(StopReason reason, boolean legacyFunctions) {
        return switch (reason) {
            case END, STOP_SEQUENCE, LOADED, UNLOADED -> "stop";
            case LENGTH -> "length";
            case TOOL_USE -> legacyFunctions ? "function_call" : "tool_calls";
            case REFUSAL -> "content_filter";
        };
    }
}
