package dev.olla.config;

import dev.olla.http.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the URLs of an endpoint; a URL that may carry a credential never appears in a message.
final class EndpointUrls {

    private static final Pattern AUTHORITY = Pattern.compile("^[a-zA-Z][a-zA-Z0-9+.-]*://([^/?#]*)");

    private static final Pattern FIRST_SEGMENT = Pattern.compile("^(?://)?[^/?#]*");

    private EndpointUrls() {}

    /// Null if there is none that can be used, which is then reported.
    static @Nullable URI read(Section section) {
        String text = section.optionalText("url");
        if (text != null && !text.isBlank()) {
            return parse(section, "url", text.strip());
        }
        if (!section.isNoValue("url")) {
            section.error("url", "an endpoint needs the URL of its server, such as http://localhost:11434");
        }
        return null;
    }

    /// A path or an absolute URL; null where nothing is written.
    static @Nullable String readPath(Section section, String key) {
        String text = section.optionalText(key);
        if (text == null || text.isBlank()) {
            return null;
        }
        String stripped = text.strip();
        if (isAbsolute(stripped)) {
            return parse(section, key, stripped) == null ? null : stripped;
        }
        Matcher start = FIRST_SEGMENT.matcher(stripped);
        if (start.find() && start.group().indexOf('@') >= 0) {
            section.error(key, userinfo(start.group()));
            return null;
        }
        if (!isPath(stripped)) {
            section.error(key, "this is neither a path, such as /health, nor a URL");
            return null;
        }
        return stripped;
    }

    static boolean isAbsolute(String text) {
        return AUTHORITY.matcher(text).find();
    }

    private static boolean isPath(String text) {
        try {
            URI uri = new URI(text.startsWith("/") ? text : "/" + text);
            return uri.getRawAuthority() == null;
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static @Nullable URI parse(Section section, String key, String text) {
        Matcher authority = AUTHORITY.matcher(text);
        if (authority.find() && authority.group(1).indexOf('@') >= 0) {
            section.error(key, userinfo(authority.group(1)));
            return null;
        }
        try {
            URI uri = new URI(text);
            String mistake = mistake(uri, text);
            if (mistake == null) {
                return uri;
            }
            section.error(key, mistake);
        } catch (URISyntaxException _) {
            section.error(key, "this is no URL: write one such as http://localhost:11434");
        }
        return null;
    }

    private static @Nullable String mistake(URI uri, String text) {
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.isOpaque()) {
            String advice = text.contains("://") ? "only http and https can be used" : "it must start with http://";
            return shown(text) + " is not allowed: " + advice;
        }
        String authority = uri.getRawAuthority();
        if (authority == null || authority.startsWith(":")) {
            return shown(text) + " is not allowed: it names no host";
        }
        if (!Origin.isNamedBy(uri)) {
            // What is no port may be a password.
            return (authority.matches("[^:]*(?::\\d*)?") ? shown(text) : "this value")
                    + " is not allowed: a host has letters, digits, dots, dashes and underscores, a port digits";
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            return shown(text) + " is not allowed: a port is 1 to 65535";
        }
        return null;
    }

    /// Without query and fragment, which may carry a key.
    static String shown(String text) {
        return Secrets.shown(text.replaceAll("[?#].*", ""));
    }

    private static String userinfo(String authority) {
        boolean password = authority.substring(0, authority.lastIndexOf('@')).indexOf(':') >= 0;
        String basic = "auth: {type: basic, username: \"${OLLA_USERNAME}\", password: \"${OLLA_PASSWORD}\"}";
        String bearer = "auth: {type: bearer, token: \"${OLLA_TOKEN}\"}";
        return "credentials don't belong into a URL; take them out of it and write, beside url, " + basic
                + (password ? "" : " or, if it is a token, " + bearer);
    }
}
