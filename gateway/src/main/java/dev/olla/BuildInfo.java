package dev.olla;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// Which build this is, as Maven wrote it into `build.properties`.
///
/// @param commit the short hash of the source, or `unknown`
/// @param date when it was built, or `unknown`
public record BuildInfo(String version, String commit, String date) {

    static BuildInfo load() {
        try (InputStream in = BuildInfo.class.getResourceAsStream("/build.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return new BuildInfo(value(properties, "version"), value(properties, "commit"), value(properties, "date"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What Maven could not fill in still looks like an expression.
    private static String value(Properties properties, String key) {
        String value = properties.getProperty(key, "unknown");
        return value.isEmpty() || value.startsWith("${") ? "unknown" : value;
    }
}
