package dev.olla.telemetry;

import dev.olla.telemetry.DecisionRecord.Tried;
import dev.olla.telemetry.RequestOutcome.Result;
import java.util.List;

/// One request that was sent to a server for its model.
///
/// @param model as it was sent: what stands behind an alias, in lower case
/// @param client its address
/// @param attempts at least one
/// @param millis from the arrival of the request to its end
/// @param fallback whether it was sent to servers that are not known to hold the model
/// @param figures what the answer told of itself
public record ModelUse(
        String model,
        String client,
        List<Tried> attempts,
        Result result,
        long bytes,
        long millis,
        boolean fallback,
        AnswerFigures figures) {

    public ModelUse {
        attempts = List.copyOf(attempts);
    }
}
