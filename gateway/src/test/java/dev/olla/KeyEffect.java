package dev.olla;

/// What a setting does, and how one sees it from outside.
///
/// @param value in YAML's flow style; not the default
record KeyEffect(String key, String value, Scenario scenario) {

    /// Fails unless the setting does what it should.
    @FunctionalInterface
    interface Scenario {
        void observe(Setting setting) throws Exception;
    }
}
