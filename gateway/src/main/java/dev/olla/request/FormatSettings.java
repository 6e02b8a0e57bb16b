package dev.olla.request;

import dev.olla.dialect.responses.ResponseStore;
import dev.olla.request.route.TranslationSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How clients of one format are served by servers of another.
///
/// @param routing when requests are translated
/// @param coldStartGrace how long a translated stream may let wait for its status; zero for any time
/// @param coldStartInterval how long such a stream may be silent before it is kept alive; zero for any time
/// @param maxTranslatedAnswer of an answer that doesn't stream, in bytes
/// @param responses how many responses are kept for later requests that go on from them
/// @param anthropic whether the routes of Anthropic's API are there
/// @param maxMessageSize of a request there, in bytes
/// @param inspector where conversations are written to; null where they aren't
public record FormatSettings(
        TranslationSettings routing,
        Duration coldStartGrace,
        Duration coldStartInterval,
        long maxTranslatedAnswer,
        ResponseStore.Limits responses,
        boolean anthropic,
        long maxMessageSize,
        @Nullable InspectorSettings inspector) {

    public static final FormatSettings DEFAULTS = new FormatSettings(
            TranslationSettings.DEFAULTS,
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            32L << 20,
            new ResponseStore.Limits(1000, 64L << 20, Duration.ofHours(1)),
            true,
            10L << 20,
            null);

    /// @param folder where the files are made
    /// @param sessionHeader whose value names the file
    public record InspectorSettings(Path folder, String sessionHeader) {}
}
