package dev.olla.dialect.anthropic;

import dev.olla.dialect.StopReason;

/// `stop_reason` of Messages.
final class MessagesStops {

    private MessagesStops() {}

    /// A word that nobody knows is the end, and so is a pause that no other format has.
    static StopReason read(String word) {
        return switch (word) {
            case "tool_use" -> StopReason.TOOL_USE;
            case "max_tokens", "model_context_window_exceeded" -> StopReason.LENGTH;
            case "stop_sequence" -> StopReason.STOP_SEQUENCE;
            case "refusal" -> StopReason.REFUSAL;
            default -> StopReason.END;
        };
    }

    static String write(StopReason reason) {
        return switch (reason) {
            case END, LOADED, UNLOADED -> "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case LENGTH -> "max_tokens";
            case TOOL_USE -> "tool_use";
            case REFUSAL -> "refusal";
        };
    }
}
