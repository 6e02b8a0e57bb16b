package dev.olla.config;

import dev.olla.request.admit.RateLimitSettings;

/// Reads `server.rate_limits`.
final class RateLimitReader {

    private static final Range ANY = Range.atLeast(Integer.MIN_VALUE);

    private RateLimitReader() {}

    static RateLimitSettings read(Section section) {
        RateLimitSettings standard = RateLimitSettings.DEFAULTS;
        Section perEndpoint = section.section("per_endpoint");
        RateLimitSettings read = new RateLimitSettings(
                section.integer("global_requests_per_minute", standard.globalPerMinute(), ANY),
                section.integer("per_ip_requests_per_minute", standard.perClientPerMinute(), ANY),
                section.integer("health_requests_per_minute", standard.healthPerMinute(), ANY),
                section.integer("burst_size", standard.burst(), Range.atLeast(0)),
                section.duration("cleanup_interval", standard.cleanupInterval()),
                section.bool("trust_proxy_headers", standard.trustProxyHeaders()),
                NetworkReader.read(section, "trusted_proxy_cidrs", standard.trustedProxies()),
                perEndpoint.integer("default_requests_per_minute", standard.perEndpointPerMinute(), ANY));
        boolean limited =
                read.globalPerMinute() > 0 || read.perClientPerMinute() > 0 || read.perEndpointPerMinute() > 0;
        if (limited && read.burst() == 0) {
            section.warning("burst_size", "0 refuses every request that a limit holds for");
        }
        if (read.perEndpointPerMinute() > 0) {
            perEndpoint.warning(
                    "default_requests_per_minute",
                    "limits every server to " + read.perEndpointPerMinute() + " requests a minute, " + read.burst()
                            + " at once; a request that no server may take is answered with 429");
        }
        return read;
    }
}
