package dev.olla.config;

import dev.olla.config.ConfigProblem.Severity;
import dev.olla.config.Scalars.BadValue;
import dev.olla.telemetry.LogColours;
import dev.olla.telemetry.LogFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads the variables that say where the log file lies and how the console looks. They stand for no key: a place and a
/// look belong to a machine, not to a configuration.
final class LogVariables {

    private static final List<String> THEMES = List.of("default", "dark", "light");

    private final Reading reading;
    private final Variables variables;

    LogVariables(Reading reading) {
        this.reading = reading;
        this.variables = reading.variables();
    }

    LogFile file() {
        LogFile standard = LogFile.DEFAULTS;
        String directory = variables.get("OLLA_LOG_DIR");
        return new LogFile(
                directory == null ? standard.directory() : Path.of(directory),
                integer("OLLA_LOG_SIZE_MB", standard.megabytes(), Range.atLeast(1)),
                integer("OLLA_LOG_MAX_BACKUPS", standard.backups(), Range.atLeast(0)),
                integer("OLLA_LOG_MAX_AGE_DAYS", standard.days(), Range.atLeast(0)));
    }

    LogColours colours() {
        return new LogColours(when(), theme());
    }

    private LogColours.When when() {
        String forced = variables.get("FORCE_COLOR");
        String ours = variables.get("OLLA_FORCE_COLORS");
        if (variables.get("NO_COLOR") != null) {
            return LogColours.When.NEVER;
        }
        if (forced != null) {
            return forced.equals("0") ? LogColours.When.NEVER : LogColours.When.ALWAYS;
        }
        if (ours != null) {
            return ours.equals("true") ? LogColours.When.ALWAYS : LogColours.When.NEVER;
        }
        return LogColours.When.ON_TERMINAL;
    }

    private LogColours.Theme theme() {
        String name = variables.get("OLLA_THEME");
        if (name == null || THEMES.contains(name)) {
            return name == null ? LogColours.Theme.DEFAULT : LogColours.Theme.valueOf(name.toUpperCase(Locale.ROOT));
        }
        warn("OLLA_THEME", name, THEMES, "default");
        return LogColours.Theme.DEFAULT;
    }

    /// Those of the lines before the configuration is known, which [BootstrapSettings] takes: a mistake in one counts.
    void checkBootstrap() {
        String level = variables.get("OLLA_LOG_LEVEL");
        if (level != null && LoggingReader.level(level) == null) {
            warn("OLLA_LOG_LEVEL", level, LoggingReader.LEVELS, "info");
        }
        bool("OLLA_PRETTY_LOGS");
        bool("OLLA_FILE_OUTPUT");
    }

    private void warn(String variable, String value, List<String> allowed, String used) {
        String shown = new Value(value, false, 0, variable).shown();
        String message = shown + " is not allowed: one of " + String.join(", ", allowed) + "; " + used + " is used";
        reading.add(Severity.WARNING, 0, variable, message);
    }

    private int integer(String variable, int standard, Range range) {
        Long read = read(variable, value -> {
            long number = Scalars.integer(value);
            range.check(number, value);
            return number;
        });
        return read == null ? standard : (int) (long) read;
    }

    private void bool(String variable) {
        read(variable, Scalars::bool);
    }

    private interface Rule<T> {
        T apply(Value value) throws BadValue;
    }

    private <T> @Nullable T read(String variable, Rule<T> rule) {
        String text = variables.get(variable);
        if (text == null) {
            return null;
        }
        try {
            return rule.apply(new Value(text, false, 0, variable));
        } catch (BadValue bad) {
            reading.add(Severity.ERROR, 0, variable, String.valueOf(bad.getMessage()));
            return null;
        }
    }
}
