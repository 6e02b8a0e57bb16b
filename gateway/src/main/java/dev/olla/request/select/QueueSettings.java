package dev.olla.request.select;

import java.time.Duration;

/// How requests wait that find no free place.
///
/// @param maxLength how many may wait for one model
/// @param maxWait how long one waits at most
/// @param maxBytes what the bodies of all that wait may come to
/// @param affinityWait how long the turn of a conversation waits for its own server before it takes another
public record QueueSettings(int maxLength, Duration maxWait, long maxBytes, Duration affinityWait) {

    public static final QueueSettings DEFAULTS =
            new QueueSettings(1000, Duration.ofMinutes(2), 64L * 1024 * 1024, Duration.ofSeconds(2));
}
