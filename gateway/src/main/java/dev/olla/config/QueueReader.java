package dev.olla.config;

import dev.olla.fleet.LimitPolicy;
import dev.olla.request.select.QueueSettings;
import java.util.List;
import java.util.Locale;

/// Reads `proxy.queue`.
final class QueueReader {

    private static final List<String> LIMITS = List.of("configured", "profile", "none");

    private QueueReader() {}

    static QueueSettings read(Section section) {
        QueueSettings standard = QueueSettings.DEFAULTS;
        long bytes = section.bytes("max_bytes", standard.maxBytes());
        if (bytes < 0) {
            section.error("max_bytes", "a size can't be negative");
        }
        return new QueueSettings(
                section.integer("max_length", standard.maxLength(), Range.atLeast(0)),
                section.duration("max_wait", standard.maxWait()),
                bytes,
                section.duration("affinity_wait", standard.affinityWait()));
    }

    /// Which limits hold.
    static LimitPolicy readLimits(Section section) {
        return LimitPolicy.valueOf(section.oneOf("limits", "configured", LIMITS).toUpperCase(Locale.ROOT));
    }
}
