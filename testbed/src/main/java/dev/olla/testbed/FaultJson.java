package dev.olla.testbed;

import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// Reads a fault from JSON such as `{"kind":"stall","after":3}`.
final class FaultJson {

    private FaultJson() {}

    /// Throws `IllegalArgumentException` naming what is wrong.
    static Fault read(JsonNode json) {
        String kind = json.path("kind").asString("");
        return switch (kind) {
            case "refuse" -> Fault.refuse();
            case "reset" -> Fault.reset();
            case "hang" -> Fault.hang();
            case "slow" -> Fault.slowFirstByte(Duration.ofMillis(number(json, "delay_ms")));
            case "stall" -> Fault.stallAfter(number(json, "after"));
            case "drop" -> Fault.dropAfter(number(json, "after"));
            case "status" -> status(json);
            case "flaky" -> flaky(json);
            case "health" -> Fault.failHealthOnly();
            case "malformed" -> Fault.malformedJson();
            case "length" -> Fault.wrongContentLength(number(json, "delta"));
            case "close" -> Fault.closeBeforeAnswer();
            default ->
                throw new IllegalArgumentException("unknown fault kind '" + kind
                        + "': choose one of refuse, reset, hang, slow, stall, drop, status, flaky, health, malformed,"
                        + " length, close");
        };
    }

    private static Fault status(JsonNode json) {
        JsonNode retryAfter = json.path("retry_after");
        return retryAfter.isMissingNode() || retryAfter.isNull()
                ? Fault.status(number(json, "status"))
                : Fault.status(number(json, "status"), retryAfter.asString());
    }

    private static Fault flaky(JsonNode json) {
        return Fault.flaky(
                json.path("share").asDouble(0.5),
                read(json.path("fault")),
                json.path("seed").asLong(0));
    }

    private static int number(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isIntegralNumber()) {
            throw new IllegalArgumentException("'" + field + "' must be a whole number");
        }
        return value.asInt();
    }
}
