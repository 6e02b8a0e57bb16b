package dev.olla.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Reads header fields whose values may name variables; neither a name nor a value appears in a message.
final class HeaderReader {

    private static final Pattern TOKEN = Pattern.compile("[0-9a-zA-Z!#$%&'*+.^_`|~-]+");

    /// They say how a message is framed and where it goes, which only the gateway knows.
    private static final Set<String> OWN = Set.of(
            "connection", "content-length", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

    private HeaderReader() {}

    static boolean isName(String text) {
        return TOKEN.matcher(text).matches();
    }

    static boolean isOurs(String name) {
        return OWN.contains(name.toLowerCase(Locale.ROOT));
    }

    static Map<String, String> read(Section section, String key) {
        Map<String, String> headers = new LinkedHashMap<>();
        Map<String, Integer> lines = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        section.secretTexts(key).forEach((name, value) -> {
            SecretText text = SecretText.of(value.text(), section::variable);
            String mistake = text.mistake();
            Integer first = lines.putIfAbsent(name, value.line());
            if (!isName(name)) {
                section.errorAt(
                        value.line(), key, "a name here is no header name: letters, digits and dashes make one");
            } else if (isOurs(name)) {
                section.warningAt(value.line(), key, name + " is set by the gateway itself and has no effect here");
            } else if (first != null) {
                section.errorAt(value.line(), key, "a header is written twice, first on line " + first);
            } else if (mistake != null) {
                section.errorAt(value.line(), key, mistake);
            } else {
                headers.put(name, text.text());
                if (text.literal()) {
                    section.warningAt(value.line(), key, SecretText.LITERAL);
                }
            }
        });
        section.resolved(key, headers);
        return headers;
    }
}
