package dev.olla.request.select;

import dev.olla.http.RequestHead;
import dev.olla.request.inspect.Inspection;
import dev.olla.request.select.StickySettings.Source;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What one session is known by. It holds hashes only, never a session id, a token or a text.
///
/// @param sessionId what the client called its session, to be told back; null for keys of other sources
record SessionKey(String text, Source source, @Nullable String sessionId) {

    private static final String SESSION_ID = "X-Olla-Session-ID";

    /// Claude Code calls its sessions so.
    private static final String CLAUDE_SESSION_ID = "X-Claude-Code-Session-Id";

    /// The key from the first source that has one; null when none has.
    static @Nullable SessionKey of(
            List<Source> sources, RequestHead head, InetSocketAddress peer, Inspection inspection) {
        for (Source source : sources) {
            SessionKey key = of(source, head, peer, inspection);
            if (key != null) {
                return key;
            }
        }
        return null;
    }

    private static @Nullable SessionKey of(
            Source source, RequestHead head, InetSocketAddress peer, Inspection inspection) {
        String asked = inspection.model();
        String model = asked == null ? "" : asked.toLowerCase(Locale.ROOT);
        return switch (source) {
            case SESSION_HEADER -> {
                String named = given(head.headers().first(SESSION_ID));
                String id = named == null ? given(head.headers().first(CLAUDE_SESSION_ID)) : named;
                yield id == null ? null : new SessionKey(hash(id) + ':' + model, source, id);
            }
            case PREFIX_HASH -> {
                Long prefix = inspection.prefix();
                yield prefix == null ? null : new SessionKey(model.replace(':', '_') + ':' + hex(prefix), source, null);
            }
            case AUTH_HEADER -> {
                String credential = given(head.headers().first("Authorization"));
                yield credential == null
                        ? null
                        : new SessionKey("auth:" + hash(credential) + ':' + model, source, null);
            }
            case IP -> new SessionKey("ip:" + peer.getAddress().getHostAddress() + ':' + model, source, null);
        };
    }

    private static @Nullable String given(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }

    private static String hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
        }
        return hex(hash);
    }

    private static String hex(long hash) {
        return String.format(Locale.ROOT, "%016x", hash);
    }
}
