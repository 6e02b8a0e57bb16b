package dev.olla.dialect;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the answer is drawn; what is null is left to the server.
///
/// @param maxTokens of the answer
/// @param stop texts that end the answer
public record Sampling(
        @Nullable Long maxTokens,
        @Nullable BigDecimal temperature,
        @Nullable BigDecimal topP,
        @Nullable Long topK,
        @Nullable BigDecimal minP,
        @Nullable BigDecimal frequencyPenalty,
        @Nullable BigDecimal presencePenalty,
        @Nullable BigDecimal repetitionPenalty,
        @Nullable Long seed,
        List<String> stop) {

    public static final Sampling STANDARD =
            new Sampling(null, null, null, null, null, null, null, null, null, List.of());

    public Sampling {
        stop = List.copyOf(stop);
    }
}
