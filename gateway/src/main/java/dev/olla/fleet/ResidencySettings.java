package dev.olla.fleet;

import java.time.Duration;

/// How it is learned which models are loaded, and what follows from it.
///
/// @param refresh the pause between two questions
/// @param busyWindow how long after its last use a model should not be pushed out
/// @param prefer whether balancers prefer, among equals, who has the model loaded
public record ResidencySettings(Duration refresh, Duration busyWindow, boolean prefer) {

    public static final ResidencySettings DEFAULTS =
            new ResidencySettings(Duration.ofSeconds(5), Duration.ofSeconds(60), true);
}
