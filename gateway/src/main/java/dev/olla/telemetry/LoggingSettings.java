package dev.olla.telemetry;

/// What is logged, and how.
///
/// @param level `debug`, `info`, `warn` or `error`
/// @param format `json` or `text`
/// @param textOnTerminal whether a terminal gets text whatever the format says
/// @param output `stdout`, or `file` for a file beside it
/// @param requestLines whether requests are logged; warnings about them always are
public record LoggingSettings(
        String level,
        String format,
        boolean textOnTerminal,
        String output,
        boolean requestLines,
        LogColours colours,
        LogFile file) {

    public static final LoggingSettings DEFAULTS =
            new LoggingSettings("info", "json", true, "stdout", true, LogColours.DEFAULTS, LogFile.DEFAULTS);

    boolean toFile() {
        return output.equals("file");
    }

    boolean asText(boolean terminal) {
        return format.equals("text") || (terminal && textOnTerminal);
    }
}
