package dev.olla.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// The version of this build, as Maven notes it in the jar.
public final class BuildVersion {

    private static final String PROPERTIES = "/META-INF/maven/dev.olla/olla-gateway/pom.properties";

    private BuildVersion() {}

    /// For instance `0.1.0`; `development` outside a jar.
    public static String current() {
        try (InputStream in = BuildVersion.class.getResourceAsStream(PROPERTIES)) {
            if (in == null) {
                return "development";
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "development");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
