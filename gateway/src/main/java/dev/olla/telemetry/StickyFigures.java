package dev.olla.telemetry;

/// What is counted of sessions that stay with their servers.
///
/// @param insertions sessions that were new
/// @param hits look-ups that found a pin, usable or not
/// @param evictions pins that were dropped: for want of room, by age, or because their server went away
/// @param maxSessions 0 for no limit
/// @param idleTtlSeconds 0 for no limit
public record StickyFigures(
        long activeSessions,
        long insertions,
        long hits,
        long misses,
        long evictions,
        long maxSessions,
        long idleTtlSeconds) {}
