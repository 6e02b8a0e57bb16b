package dev.olla.telemetry;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Says what is to be said before the configuration is known, such as the mistakes in it.
///
/// `OLLA_LOG_LEVEL` leaves warnings out, `OLLA_PRETTY_LOGS=false` makes the lines JSON, and `OLLA_FILE_OUTPUT=true`
/// writes them to the log file too.
public final class BootstrapLog {

    private static final List<String> FALSE = List.of("false", "f", "0", "no", "n", "off");

    private final PrintStream err;
    private final Map<String, String> environment;
    private final LineClock clock = new LineClock();

    public BootstrapLog(PrintStream err, Map<String, String> environment) {
        this.err = err;
        this.environment = environment;
    }

    public void warn(String message) {
        if (!variable("OLLA_LOG_LEVEL", "info").equals("error")) {
            line("WARN", message);
        }
    }

    public void error(String message) {
        line("ERROR", message);
    }

    private void line(String level, String message) {
        boolean json = FALSE.contains(variable("OLLA_PRETTY_LOGS", "true"));
        err.println(json ? json(level, message) : "%-5s %s".formatted(level, LineText.printable(message)));
        String toFile = variable("OLLA_FILE_OUTPUT", "false");
        if (!FALSE.contains(toFile)) {
            append(json(level, message) + '\n');
        }
    }

    private String variable(String name, String standard) {
        String value = environment.getOrDefault(name, "");
        return (value.isEmpty() ? standard : value).toLowerCase(Locale.ROOT);
    }

    private String json(String level, String message) {
        StringBuilder line = new StringBuilder("{\"timestamp\":\"")
                .append(clock.text(System.currentTimeMillis()))
                .append("\",\"level\":\"")
                .append(level)
                .append("\",\"msg\":\"");
        LineText.json(line, LineText.withoutAnsi(message));
        return line.append("\"}").toString();
    }

    private void append(String line) {
        String directory = environment.getOrDefault("OLLA_LOG_DIR", "");
        LogFile standard = LogFile.DEFAULTS;
        LogFile file = directory.isEmpty()
                ? standard
                : new LogFile(Path.of(directory), standard.megabytes(), standard.backups(), standard.days());
        try {
            file.prepare();
            Files.writeString(file.path(), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException unwritable) {
            err.println("ERROR " + unwritable.getMessage());
        }
    }
}
