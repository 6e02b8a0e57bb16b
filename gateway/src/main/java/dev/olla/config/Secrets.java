package dev.olla.config;

import java.util.regex.Pattern;

/// Which parts of a configuration are never shown: what is written under `headers` and `auth`, and what may carry
/// userinfo.
final class Secrets {

    /// A key below such a section is foreign text too, but for the ones of `auth` that we know.
    private static final Pattern HIDDEN = Pattern.compile(
            "(?:^|\\.)(?:headers|auth(?!\\.(?:type|header" + "|(?:token|key|username|password)(?:_file)?)$))(?=\\.)");

    private static final int MAX_SHOWN = 60;

    private Secrets() {}

    /// Whether the key itself stands inside a secret section.
    static boolean hiddenKey(String path) {
        return HIDDEN.matcher(path).find();
    }

    /// The path down to the secret section and no further.
    static String shownPath(String path) {
        var matcher = HIDDEN.matcher(path);
        return matcher.find() ? path.substring(0, matcher.end()) : path;
    }

    /// The value as a message may show it: one short line, or `this value` where it may hold a secret.
    static String shown(String value) {
        if (value.isEmpty()) {
            return "an empty text";
        }
        if (value.indexOf('@') >= 0 || value.contains("%40")) {
            return "this value";
        }
        String line = value.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "…";
    }
}
