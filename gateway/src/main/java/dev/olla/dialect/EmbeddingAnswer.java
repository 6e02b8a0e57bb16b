package dev.olla.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/// Texts as vectors.
///
/// @param model as the server names it; null where it doesn't
/// @param vectors of numbers as the server wrote them, in the order of the texts
public record EmbeddingAnswer(@Nullable String model, List<ArrayNode> vectors, Usage usage) {

    /// What became of it.
    public sealed interface Result {

        record Whole(EmbeddingAnswer answer) implements Result {}

        /// @param failure what to tell the client
        record Broken(AnswerEvent.Failed failure) implements Result {}
    }

    public EmbeddingAnswer {
        vectors = List.copyOf(vectors);
    }

    /// Says that what came is no answer of that kind.
    public static Result unreadable() {
        return new Result.Broken(new AnswerEvent.Failed(502, null, "the server's answer holds no embeddings"));
    }
}
