package dev.olla.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which configuration is in effect, and what became of the last try to change it.
///
/// @param loadedAt when the configuration in effect was read
/// @param source the file as the user named it; null for the built-in defaults
/// @param lastReload null when none was tried
public record ConfigStatus(
        Instant loadedAt, @Nullable String source, @Nullable Reload lastReload) {

    /// A try to take over a changed configuration.
    ///
    /// @param applied whether it is in effect now; when not, nothing has changed
    /// @param changed paths of the keys with new values
    /// @param restartRequired those of them that only a restart can bring into effect
    /// @param errors why it was refused, a line each; names no secret
    public record Reload(
            Instant at, boolean applied, List<String> changed, List<String> restartRequired, List<String> errors) {

        public Reload {
            changed = List.copyOf(changed);
            restartRequired = List.copyOf(restartRequired);
            errors = List.copyOf(errors);
        }

        String word() {
            return applied ? "applied" : "refused";
        }
    }
}
