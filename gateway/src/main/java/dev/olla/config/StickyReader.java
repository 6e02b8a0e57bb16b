package dev.olla.config;

import dev.olla.request.select.StickySettings;
import dev.olla.request.select.StickySettings.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads `proxy.sticky_sessions`.
final class StickyReader {

    private static final Range ANY = Range.atLeast(Integer.MIN_VALUE);
    private static final List<String> WORDS =
            Arrays.stream(Source.values()).map(Source::word).toList();

    private StickyReader() {}

    static StickySettings read(Section section) {
        StickySettings standard = StickySettings.DEFAULTS;
        boolean enabled = section.bool("enabled", standard.enabled());
        return new StickySettings(
                enabled,
                idle(section, standard.idle()),
                section.integer("max_sessions", (int) standard.maxSessions(), Range.atLeast(0)),
                sources(section, standard.sources(), enabled),
                section.integer("prefix_hash_bytes", standard.prefixBytes(), ANY));
    }

    private static Duration idle(Section section, Duration standard) {
        int seconds = section.integer("idle_ttl_seconds", (int) standard.toSeconds(), ANY);
        if (seconds > 0) {
            return Duration.ofSeconds(seconds);
        }
        section.warning("idle_ttl_seconds", seconds + " means that sessions never expire");
        return Duration.ZERO;
    }

    /// Names that mean nothing are passed over.
    private static List<Source> sources(Section section, List<Source> standard, boolean enabled) {
        List<Source> sources = new ArrayList<>();
        for (String word :
                section.texts("key_sources", standard.stream().map(Source::word).toList())) {
            Source source = Source.named(word);
            if (source == null) {
                section.warning(
                        "key_sources",
                        Secrets.shown(word) + " is passed over: it is none of " + String.join(", ", WORDS));
            } else if (!sources.contains(source)) {
                sources.add(source);
            }
        }
        if (sources.isEmpty() && enabled) {
            section.warning("key_sources", "without any source no session is recognised");
        }
        return sources;
    }
}
