package dev.olla.config;

import java.time.Duration;

/// Reads the keys whose features this version lacks, and keeps nothing of them: a mistake in one is found today,
/// not on the day that the feature comes.
///
/// [Section#notYet] has said before that they have no effect.
final class LaterReaders {

    private static final long MAX_MESSAGE_SIZE = 100L * 1024 * 1024;

    private LaterReaders() {}

    static void proxy(Section proxy) {
        duration(proxy, "cold_start_grace", "cold_start_interval");
        proxy.bool("translate", true);
        size(proxy, "max_translated_answer");
    }

    static void root(Section root) {
        anthropic(root.section("translators").section("anthropic"));
        Section store = root.section("responses").section("store");
        store.integer("max_entries", 1000, Range.atLeast(0));
        size(store, "max_bytes");
        duration(store, "ttl");
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
