package dev.olla.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/// Reads the keys whose features this version lacks, and keeps nothing of them: a mistake in one is found today,
/// not on the day that the feature comes.
///
/// [Section#notYet] has said before that they have no effect.
final class LaterReaders {

    private static final Range ANY = new Range(Integer.MIN_VALUE, Integer.MAX_VALUE, "a whole number");
    private static final Range PERCENT = new Range(0, 100, "a share is 0 to 100");
    private static final Range WEIGHT = new Range(1, 1000, "a weight is 1 to 1000");
    private static final long MAX_MESSAGE_SIZE = 100L * 1024 * 1024;

    private LaterReaders() {}

    static void proxy(Section proxy) {
        stickySessions(proxy.section("sticky_sessions"));
        retry(proxy.section("retry"));
        queue(proxy.section("queue"));
        Section residency = proxy.section("residency");
        duration(residency, "busy_window", "refresh");
        residency.bool("prefer", true);
        Section breaker = proxy.section("circuit_breaker");
        breaker.integer("failure_threshold", 5, Range.atLeast(1));
        duration(breaker, "open_duration");
        breaker.integer("max_ejected_percent", 50, PERCENT);
        duration(proxy, "slow_start", "cold_start_grace", "cold_start_interval");
        proxy.bool("translate", true);
        size(proxy, "max_translated_answer");
    }

    private static void stickySessions(Section section) {
        section.bool("enabled", false);
        section.integer("idle_ttl_seconds", 600, ANY);
        section.integer("max_sessions", 10_000, Range.atLeast(0));
        section.texts("key_sources", List.of());
        section.integer("prefix_hash_bytes", 512, ANY);
    }

    private static void retry(Section section) {
        section.bool("enabled", true);
        section.bool("on_connection_failure", true);
        section.texts("on_status", List.of());
        section.integer("max_attempts", 0, Range.atLeast(0));
        section.integer("budget_percent", 20, PERCENT);
        section.integer("budget_min_per_second", 3, Range.atLeast(0));
    }

    private static void queue(Section section) {
        section.integer("max_length", 1000, Range.atLeast(0));
        duration(section, "max_wait", "affinity_wait");
        size(section, "max_bytes");
        section.oneOf("limits", "configured", List.of("configured", "profile", "none"));
    }

    static void endpoint(Section endpoint) {
        endpoint.integer("weight", 1, WEIGHT);
        endpoint.integer("max_concurrent_requests", 0, Range.atLeast(0));
    }

    static void routingOptions(Section options) {
        if (!options.text("fallback_behavior", "").isEmpty()) {
            options.oneOf("fallback_behavior", "", List.of("compatible_only", "none", "all"));
        }
        duration(options, "discovery_timeout");
        options.bool("discovery_refresh_on_miss", false);
    }

    static void root(Section root) {
        anthropic(root.section("translators").section("anthropic"));
        Section store = root.section("responses").section("store");
        store.integer("max_entries", 1000, Range.atLeast(0));
        size(store, "max_bytes");
        duration(store, "ttl");
        root.section("telemetry").section("decisions").integer("max_entries", 1000, Range.atLeast(0));
        aliases(root);
    }

    private static void anthropic(Section section) {
        section.bool("enabled", true);
        section.bool("passthrough_enabled", true);
        long size = section.bytes("max_message_size", 10L * 1024 * 1024);
        if (size < 0 || size > MAX_MESSAGE_SIZE) {
            section.error(
                    "max_message_size", size + " is not allowed: 104857600 is the most, and it can't be negative");
        }
        Section inspector = section.section("inspector");
        inspector.bool("enabled", false);
        inspector.text("output_dir", "");
        inspector.text("session_header", "");
    }

    private static void aliases(Section root) {
        Section aliases = root.section("model_aliases");
        for (String name : aliases.names()) {
            // What is no list is reported by itself, and then passes for one.
            List<String> models = aliases.texts(name, List.of("?"));
            if (name.isBlank() || !name.equals(name.strip())) {
                aliases.error(name, "an alias needs a name, without spaces around it");
            } else if (models.isEmpty()) {
                aliases.error(name, "an alias needs at least one model");
            } else if (models.stream().anyMatch(String::isBlank)) {
                aliases.error(name, "a model of an alias needs a name");
            }
            if (new HashSet<>(models).size() < models.size()) {
                aliases.warning(name, "a model is listed twice");
            }
        }
    }

    private static void duration(Section section, String... keys) {
        for (String key : keys) {
            section.duration(key, Duration.ZERO);
        }
    }

    private static void size(Section section, String... keys) {
        for (String key : keys) {
            if (section.bytes(key, 0) < 0) {
                section.error(key, "a size can't be negative");
            }
        }
    }
}
