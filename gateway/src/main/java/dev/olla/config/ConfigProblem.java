package dev.olla.config;

import org.jspecify.annotations.Nullable;

/// One mistake or oddity in the configuration, in one line that says where it is and what to write instead.
///
/// @param file as the user named it; null where a variable or nothing at all is to blame
/// @param line in the file, from 1; 0 where there is none
/// @param path of the key, such as `server.port`, or the name of a variable; empty for the file as a whole
/// @param message never has a value written under `headers` or `auth`
public record ConfigProblem(Severity severity, @Nullable String file, int line, String path, String message) {

    /// Whether the gateway can start in spite of it.
    public enum Severity {
        ERROR,
        /// It can start without the profile file, or without what a file asks for; `--validate-config` fails.
        LEFT_OUT,
        WARNING
    }

    /// For instance `config/config.yaml:12: server.port: 99999 is not allowed: a port is 1 to 65535`.
    @Override
    public String toString() {
        String place = file == null ? "" : line == 0 ? file + ": " : file + ":" + line + ": ";
        return place + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
