package dev.olla.testbed;

import java.time.Duration;

/// One exchange that is over: `status` is 0 when no answer began, `outcome` tells how it ended.
public record FinishedRequest(
        String server, String method, String path, String model, int status, Duration time, Outcome outcome) {

    /// How an exchange ended.
    public enum Outcome {
        COMPLETE,
        CLIENT_CLOSED,
        BROKEN_ON_PURPOSE
    }

    @Override
    public String toString() {
        String ending = switch (outcome) {
            case COMPLETE -> "";
            case CLIENT_CLOSED -> " client closed";
            case BROKEN_ON_PURPOSE -> " broken on purpose";
        };
        return "%-12s %-4s %s %s %s %dms%s"
                .formatted(
                        server,
                        method,
                        path,
                        model.isEmpty() ? "-" : model,
                        status == 0 ? "-" : status,
                        time.toMillis(),
                        ending);
    }
}
