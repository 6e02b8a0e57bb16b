package dev.olla.api;

import java.time.Instant;

/// What the gateway tells of itself.
///
/// @param version for instance `v1.0.0`
/// @param commit the short hash of the source it was built from
/// @param buildDate as the build wrote it
/// @param engine the configured `proxy.engine`
/// @param profile the configured `proxy.profile`
/// @param balancer the configured `proxy.load_balancer`
/// @param startedAt when this process began its work
public record ServiceInfo(
        String version,
        String commit,
        String buildDate,
        String engine,
        String profile,
        String balancer,
        Instant startedAt) {}
