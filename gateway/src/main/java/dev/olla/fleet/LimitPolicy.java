package dev.olla.fleet;

/// Which limits hold requests back.
public enum LimitPolicy {
    /// Those that somebody wrote, under an endpoint or in a profile file.
    CONFIGURED,
    /// Those of the built-in profiles too, where nobody wrote any.
    PROFILE,
    /// None at all.
    NONE
}
