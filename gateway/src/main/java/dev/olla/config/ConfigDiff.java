package dev.olla.config;

import java.util.List;

/// What differs between two configurations.
public final class ConfigDiff {

    private ConfigDiff() {}

    /// The paths of the keys whose values differ, never the values, which may be secret.
    ///
    /// An endpoint goes by its name, as in `discovery.static.endpoints[gpu].priority`. One that came or went is one
    /// path, without a key.
    public static List<String> of(Config before, Config after) {
        return before.resolved().changedTo(after.resolved());
    }
}
