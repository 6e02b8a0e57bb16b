package dev.olla.config;

import dev.olla.telemetry.LoggingSettings;
import java.util.List;
import java.util.Locale;

/// Reads `logging`.
final class LoggingReader {

    private static final List<String> LEVELS = List.of("debug", "info", "warn", "error");
    private static final List<String> FORMATS = List.of("json", "text");
    private static final List<String> OUTPUTS = List.of("stdout", "file");

    private LoggingReader() {}

    static LoggingSettings read(Section section) {
        LoggingSettings standard = LoggingSettings.DEFAULTS;
        return new LoggingSettings(
                level(section, standard.level()),
                section.oneOfOrDefault("format", standard.format(), FORMATS),
                section.oneOfOrDefault("output", standard.output(), OUTPUTS));
    }

    /// In any case, and `warning` for `warn`.
    private static String level(Section section, String standard) {
        String level = section.text("level", standard).toLowerCase(Locale.ROOT);
        if (level.equals("warning")) {
            return "warn";
        }
        return LEVELS.contains(level) ? level : section.oneOfOrDefault("level", standard, LEVELS);
    }
}
