package dev.olla.telemetry;

import java.util.regex.Pattern;
import tools.jackson.core.io.JsonStringEncoder;

/// What may stand in a line: no text that a client sent can end a line, forge another or steer a terminal.
final class LineText {

    private static final Pattern ANSI = Pattern.compile("\u001B(?:\\[[0-?]*[ -/]*[@-~]|[@-Z\\\\-_])");

    private LineText() {}

    /// Appends the inside of a JSON string.
    static void json(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                line.append(JsonStringEncoder.getInstance().quoteAsCharArray(text));
                return;
            }
        }
        line.append(text);
    }

    /// Appends the text as it is where it is one plain word, else as a JSON string.
    static void word(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '"' || c == '=' || c == '\\') {
                quoted(line, text);
                return;
            }
        }
        if (text.isEmpty()) {
            quoted(line, text);
        } else {
            line.append(text);
        }
    }

    private static void quoted(StringBuilder line, String text) {
        line.append('"');
        json(line, printable(text));
        line.append('"');
    }

    /// The text on one line and without control characters; escape sequences are taken out whole.
    static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return withoutAnsi(text).replaceAll("\\p{Cntrl}+", " ");
            }
        }
        return text;
    }

    /// The text without escape sequences of terminals.
    static String withoutAnsi(String text) {
        return text.indexOf('\u001B') < 0 ? text : ANSI.matcher(text).replaceAll("");
    }
}
