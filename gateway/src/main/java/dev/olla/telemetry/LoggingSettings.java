package dev.olla.telemetry;

/// What is logged, and how.
///
/// @param level `debug`, `info`, `warn` or `error`
/// @param format `json` or `text`
/// @param output `stdout` or `file`
public record LoggingSettings(String level, String format, String output) {

    public static final LoggingSettings DEFAULTS = new LoggingSettings("info", "json", "stdout");
}
