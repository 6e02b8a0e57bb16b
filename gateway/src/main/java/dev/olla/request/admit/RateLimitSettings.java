package dev.olla.request.admit;

import java.time.Duration;
import java.util.List;

/// How many requests are taken, and how their clients are told apart.
///
/// @param globalPerMinute for all clients together; zero or less means no limit
/// @param perClientPerMinute for each client address; zero or less means no limit
/// @param healthPerMinute for each client address at `/internal/health`; zero or less means no limit
/// @param burst how many requests may come at once; zero refuses every request
/// @param cleanupInterval how often clients that have gone quiet are forgotten; zero means never
/// @param trustProxyHeaders whether a trusted proxy's word for its client counts
/// @param trustedProxies whose word counts
/// @param perEndpointPerMinute for each server; zero or less means no limit
public record RateLimitSettings(
        int globalPerMinute,
        int perClientPerMinute,
        int healthPerMinute,
        int burst,
        Duration cleanupInterval,
        boolean trustProxyHeaders,
        List<IpNetwork> trustedProxies,
        int perEndpointPerMinute) {

    public static final RateLimitSettings DEFAULTS = new RateLimitSettings(
            1000,
            100,
            1000,
            50,
            Duration.ofMinutes(5),
            false,
            IpNetwork.listOf("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
            0);

    public RateLimitSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }
}
