package dev.olla.config;

import dev.olla.fleet.ConcurrencyLimits;
import dev.olla.fleet.DiscoverySettings;
import dev.olla.fleet.EndpointSettings;
import dev.olla.fleet.LimitPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads `discovery`.
final class DiscoveryReader {

    private DiscoveryReader() {}

    static DiscoverySettings read(Section section) {
        section.oneOf("type", "static", List.of("static"));
        section.dead("refresh_interval", "model_discovery.interval says when models are read again");
        section.dead("health_check", "check_interval under an endpoint says when it is probed");
        return models(section.section("model_discovery"));
    }

    private static DiscoverySettings models(Section section) {
        DiscoverySettings standard = DiscoverySettings.DEFAULTS;
        DiscoverySettings read = new DiscoverySettings(
                section.bool("enabled", standard.enabled()),
                section.duration("interval", standard.interval()),
                section.duration("timeout", standard.timeout()),
                section.integer("concurrent_workers", standard.workers(), Range.atLeast(Integer.MIN_VALUE)),
                section.integer("retry_attempts", standard.retryAttempts(), Range.atLeast(0)),
                section.duration("retry_backoff", standard.retryBackoff()));
        if (read.enabled()) {
            checkPositive(section, "interval", read.interval());
            checkPositive(section, "timeout", read.timeout());
            if (read.workers() < 1) {
                section.error("concurrent_workers", read.workers() + " is not allowed: 1 is the least");
            }
        }
        return read;
    }

    private static void checkPositive(Section section, String key, Duration duration) {
        if (!duration.isPositive()) {
            section.error(key, "0s is not allowed while model_discovery is enabled");
        }
    }

    /// The endpoints that are written; the one on this machine where the list isn't.
    static List<EndpointSettings> readEndpoints(Section section, Profiles profiles, LimitPolicy limits) {
        List<Section> written = section.section("static").sections("endpoints");
        if (written == null) {
            return List.of(EndpointSettings.of("localhost", URI.create("http://localhost:11434"), "ollama")
                    .withLimits(new ConcurrencyLimits(0, List.of(), limits)));
        }
        EndpointReader reader = new EndpointReader(profiles, limits);
        List<EndpointSettings> endpoints = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        Map<URI, Integer> urls = new HashMap<>();
        for (Section item : written) {
            EndpointSettings endpoint = reader.read(item);
            String name = item.text("name", "");
            if (!name.isBlank()) {
                checkUnique(item, "name", name, Secrets.shown(name), names);
            }
            if (endpoint != null) {
                checkUnique(
                        item,
                        "url",
                        endpoint.url(),
                        EndpointUrls.shown(endpoint.url().toString()),
                        urls);
                endpoints.add(endpoint);
            }
        }
        return endpoints;
    }

    private static <T> void checkUnique(Section item, String key, T value, String shown, Map<T, Integer> lines) {
        Integer first = lines.putIfAbsent(value, item.line(key));
        if (first != null) {
            item.error(key, shown + " is taken by the endpoint on line " + first);
        }
    }
}
