package dev.olla.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads header fields whose values may name variables; neither a name nor a value appears in a message.
final class HeaderReader {

    private static final Pattern TOKEN = Pattern.compile("[0-9a-zA-Z!#$%&'*+.^_`|~-]+");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

    /// They say how a message is framed and where it goes, which only the gateway knows.
    private static final Set<String> OWN = Set.of(
            "connection", "content-length", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

    private HeaderReader() {}

    static Map<String, String> read(Section section, String key) {
        Map<String, String> headers = new LinkedHashMap<>();
        section.secretTexts(key).forEach((name, value) -> {
            String expanded = expand(section, key, value);
            if (!TOKEN.matcher(name).matches()) {
                section.errorAt(
                        value.line(), key, "a name here is no header name: letters, digits and dashes make one");
            } else if (OWN.contains(name.toLowerCase(Locale.ROOT))) {
                section.warningAt(value.line(), key, name + " is set by the gateway itself and has no effect here");
            } else if (expanded != null) {
                headers.put(name, expanded);
            }
        });
        section.resolved(key, headers);
        return headers;
    }

    /// `${NAME}` is the variable's value, `${NAME:-text}` the text when it is unset or empty. Null after an error.
    private static @Nullable String expand(Section section, String key, Value value) {
        Set<String> missing = new TreeSet<>();
        StringBuilder expanded = new StringBuilder();
        Matcher variable = VARIABLE.matcher(value.text());
        while (variable.find()) {
            String replacement = replacement(section, variable);
            if (replacement == null) {
                missing.add(variable.group(1));
            }
            variable.appendReplacement(expanded, Matcher.quoteReplacement(replacement == null ? "" : replacement));
        }
        variable.appendTail(expanded);
        if (!missing.isEmpty()) {
            section.errorAt(value.line(), key, "these variables are not set: " + String.join(", ", missing));
            return null;
        }
        if (expanded.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            section.errorAt(value.line(), key, "a value must be one line");
            return null;
        }
        return expanded.toString();
    }

    private static @Nullable String replacement(Section section, Matcher variable) {
        String text = section.variable(variable.group(1));
        String otherwise = variable.group(2);
        return otherwise != null && (text == null || text.isEmpty()) ? otherwise : text;
    }
}
