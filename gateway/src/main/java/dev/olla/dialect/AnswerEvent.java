package dev.olla.dialect;

import org.jspecify.annotations.Nullable;

/// A step of an answer, whichever format it was written in.
///
/// A whole answer is a run of these too: one reader of events and one writer of events per format serve both.
/// [Started] comes first; at most one of [Finished] and [Failed] comes, and nothing after it. An answer without
/// either broke off.
public sealed interface AnswerEvent {

    /// The model has begun.
    ///
    /// @param id the server's name for the answer; null where it has none
    /// @param model as the server names it; null where it doesn't
    /// @param created in seconds since 1970; 0 where the server doesn't say
    record Started(@Nullable String id, @Nullable String model, long created) implements AnswerEvent {}

    record Text(String text) implements AnswerEvent {}

    record Thinking(String text) implements AnswerEvent {}

    /// The signature of the thought that ends here.
    record ThinkingSigned(String signature) implements AnswerEvent {}

    /// The model declines, in these words.
    record Refusal(String text) implements AnswerEvent {}

    /// @param call a number of its own for every call of the answer, from 0; calls may be interleaved
    /// @param id never empty: a reader makes one up where the server gives none
    record ToolCallStarted(int call, String id, String name) implements AnswerEvent {}

    /// A piece of the JSON text of a call's arguments.
    record ToolArguments(int call, String fragment) implements AnswerEvent {}

    /// What it has cost so far; the last one counts.
    record Used(Usage usage) implements AnswerEvent {}

    /// @param stopSequence the text that ended the answer; null where none did or none is named
    record Finished(StopReason reason, @Nullable String stopSequence) implements AnswerEvent {}

    /// @param status that an answer without a body so far would have, 400 to 599
    /// @param type as the server calls it; null where it doesn't
    record Failed(int status, @Nullable String type, String message) implements AnswerEvent {}
}
