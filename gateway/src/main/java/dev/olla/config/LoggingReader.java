package dev.olla.config;

import dev.olla.telemetry.LogFile;
import dev.olla.telemetry.LoggingSettings;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads `logging`, and the variables about logs.
final class LoggingReader {

    static final List<String> LEVELS = List.of("debug", "info", "warn", "error");
    private static final List<String> FORMATS = List.of("json", "text");
    private static final List<String> OUTPUTS = List.of("stdout", "file");

    private LoggingReader() {}

    /// @param requestLines whether requests are logged
    static LoggingSettings read(Section section, boolean requestLines) {
        LoggingSettings standard = LoggingSettings.DEFAULTS;
        LogVariables variables = new LogVariables(section.reading());
        variables.checkBootstrap();
        String output = section.oneOfOrDefault("output", standard.output(), OUTPUTS);
        LogFile file = variables.file();
        String problem = output.equals("file") ? file.problem() : null;
        if (problem != null) {
            section.error("output", problem);
        }
        return new LoggingSettings(
                level(section, standard.level()),
                section.oneOfOrDefault("format", standard.format(), FORMATS),
                section.reading().variables().get("OLLA_LOGGING_FORMAT") == null,
                output,
                requestLines,
                variables.colours(),
                file);
    }

    private static String level(Section section, String standard) {
        String written = section.text("level", standard);
        String level = level(written);
        if (level == null) {
            return section.oneOfOrDefault("level", standard, LEVELS);
        }
        section.resolved("level", level);
        return level;
    }

    /// In any case, and `warning` for `warn`; null where it is none.
    static @Nullable String level(String written) {
        String level = written.toLowerCase(Locale.ROOT);
        if (level.equals("warning")) {
            return "warn";
        }
        return LEVELS.contains(level) ? level : null;
    }
}
