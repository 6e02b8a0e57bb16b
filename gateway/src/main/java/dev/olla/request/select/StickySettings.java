package dev.olla.request.select;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether and how the turns of a conversation stay with one server.
///
/// @param idle how long a pin outlives its last use; zero means for ever
/// @param maxSessions how many pins are kept; zero means without limit
/// @param sources where a session's key comes from: the first that has one counts
/// @param prefixBytes how much of system prompt and first message makes the key; zero or less means all of it
public record StickySettings(boolean enabled, Duration idle, long maxSessions, List<Source> sources, int prefixBytes) {

    public static final StickySettings DEFAULTS = new StickySettings(
            false,
            Duration.ofMinutes(10),
            10_000,
            List.of(Source.SESSION_HEADER, Source.PREFIX_HASH, Source.AUTH_HEADER),
            512);

    public StickySettings {
        sources = List.copyOf(sources);
    }

    /// What tells one session from another.
    public enum Source {
        SESSION_HEADER("session_header"),
        PREFIX_HASH("prefix_hash"),
        AUTH_HEADER("auth_header"),
        IP("ip");

        private final String word;

        Source(String word) {
            this.word = word;
        }

        /// Null for a word that means nothing.
        public static @Nullable Source named(String word) {
            for (Source source : values()) {
                if (source.word.equals(word)) {
                    return source;
                }
            }
            return null;
        }

        /// As the configuration and `X-Olla-Sticky-Key-Source` call it.
        public String word() {
            return word;
        }
    }
}
