package dev.olla.config;

import dev.olla.request.admit.CorsSettings;
import java.util.List;
import java.util.regex.Pattern;

/// Reads `server.cors`.
final class CorsReader {

    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private CorsReader() {}

    static CorsSettings read(Section section) {
        CorsSettings standard = CorsSettings.DEFAULTS;
        CorsSettings read = new CorsSettings(
                section.bool("enabled", standard.enabled()),
                section.texts("allowed_origins", standard.allowedOrigins()),
                section.texts("allowed_methods", standard.allowedMethods()),
                section.texts("allowed_headers", standard.allowedHeaders()),
                section.texts("exposed_headers", List.of()),
                section.bool("allow_credentials", standard.allowCredentials()),
                section.integer("max_age", standard.maxAge(), Range.atLeast(Integer.MIN_VALUE)));
        if (read.enabled()) {
            check(section, read);
        }
        return read;
    }

    private static void check(Section section, CorsSettings read) {
        if (read.allowedOrigins().isEmpty()) {
            section.error("allowed_origins", "an empty list is not allowed while cors is enabled");
        }
        if (read.allowCredentials() && read.allowedOrigins().contains("*")) {
            section.error("allow_credentials", "true is not allowed with the origin *: name the origins");
        }
        if (read.maxAge() < 0) {
            section.error("max_age", read.maxAge() + " is not allowed: 0 is the least");
        }
        if (!read.exposedHeaders().stream()
                .allMatch(name -> HEADER_NAME.matcher(name).matches())) {
            section.error("exposed_headers", "an item here is no header name");
        }
    }
}
