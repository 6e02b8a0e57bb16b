package dev.olla.config;

import org.jspecify.annotations.Nullable;

/// The text written for a key, in the file or in a variable that stands for the key.
///
/// @param plain written in the file without quotes
/// @param line in the file; 0 for a variable
/// @param variable its name; null for the file
record Value(String text, boolean plain, int line, @Nullable String variable) {

    boolean fromVariable() {
        return variable != null;
    }

    /// As a message may show it.
    String shown() {
        return Secrets.shown(text);
    }
}
