package dev.olla.fleet;

import java.time.Duration;

/// What of the models that several servers list counts as one.
///
/// @param enabled whether equal digests are one model, whatever its names; if not, only equal names are
/// @param acrossKinds whether equal names on different kinds of server are one model
/// @param staleThreshold for how long the last list of a server that gives no other counts; zero means for ever
/// @param cleanupInterval how often that is looked at; zero means as often as the threshold needs
public record UnificationSettings(
        boolean enabled, boolean acrossKinds, Duration staleThreshold, Duration cleanupInterval) {

    public static final UnificationSettings DEFAULTS =
            new UnificationSettings(true, true, Duration.ofHours(24), Duration.ofMinutes(10));
}
