package dev.olla.config;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A text that may be secret, with the variables it names filled in: `${NAME}` is the variable's value,
/// `${NAME:-text}` the text when it is unset or empty.
///
/// @param text what came of it
/// @param missing the variables that are not set and have no other text, sorted
/// @param literal whether a `${` that was written names no variable and stays as it is
record SecretText(String text, Set<String> missing, boolean literal) {

    /// The warning where one is [#literal]; shows nothing of the text.
    static final String LITERAL =
            "a ${ in the value names no variable and is kept as written; a variable is ${NAME} or ${NAME:-text}";

    private static final String MARK = "${";

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

    /// @param variables the value of a variable, even if empty; null if unset
    static SecretText of(String written, Function<String, @Nullable String> variables) {
        Set<String> missing = new TreeSet<>();
        StringBuilder text = new StringBuilder();
        boolean literal = VARIABLE.matcher(written).replaceAll("").contains(MARK);
        Matcher variable = VARIABLE.matcher(written);
        while (variable.find()) {
            String value = variables.apply(variable.group(1));
            String otherwise = variable.group(2);
            literal |= otherwise != null && otherwise.contains(MARK);
            if (otherwise != null && (value == null || value.isEmpty())) {
                value = otherwise;
            }
            if (value == null) {
                missing.add(variable.group(1));
            }
            variable.appendReplacement(text, Matcher.quoteReplacement(value == null ? "" : value));
        }
        variable.appendTail(text);
        return new SecretText(text.toString(), missing, literal);
    }

    /// What is wrong with the text as the value of a header field (RFC 9110 §5.5); null where nothing is.
    @Nullable
    String mistake() {
        if (!missing.isEmpty()) {
            return "these variables are not set: " + String.join(", ", missing);
        }
        if (text.chars().anyMatch(c -> c == '\r' || c == '\n')) {
            return "a value must be one line";
        }
        if (text.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7F || c > 0xFF)) {
            return "a value holds a character that no header can carry";
        }
        return null;
    }
}
