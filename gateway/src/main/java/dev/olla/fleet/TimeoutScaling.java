package dev.olla.fleet;

import java.time.Duration;

/// How the wait for an answer grows with what a model needs.
///
/// @param base zero where none is told
/// @param loadTimeBuffer whether the load time of a model that isn't loaded comes on top
public record TimeoutScaling(Duration base, boolean loadTimeBuffer) {
    public static final TimeoutScaling NONE = new TimeoutScaling(Duration.ZERO, false);
}
