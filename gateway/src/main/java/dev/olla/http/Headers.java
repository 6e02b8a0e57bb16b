package dev.olla.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// An ordered list of header fields whose names compare without case (RFC 9110 §5).
///
/// Mutable and not thread-safe: it belongs to the event loop of its message. Names and values that could break the
/// framing of a message (RFC 9110 §5.1, §5.5: a name that is no token, CR, LF or NUL in a value) are refused with
/// [IllegalArgumentException], so a header built from foreign text can't split a message.
public final class Headers {

    private String[] fields;
    private int length;

    public Headers() {
        this(16);
    }

    private Headers(int capacity) {
        fields = new String[capacity * 2];
    }

    /// The given names and values, in turn.
    public static Headers of(String... namesAndValues) {
        Headers headers = new Headers(namesAndValues.length / 2 + 4);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    public int size() {
        return length / 2;
    }

    public String name(int index) {
        return fields[index * 2];
    }

    public String value(int index) {
        return fields[index * 2 + 1];
    }

    public Headers add(String name, String value) {
        check(name, value);
        return addUnchecked(name, value);
    }

    /// Adds a field of another list, which is as it must be.
    public Headers addFrom(Headers others, int index) {
        return addUnchecked(others.name(index), others.value(index));
    }

    /// For fields that a parser has checked already.
    Headers addUnchecked(String name, String value) {
        if (length == fields.length) {
            fields = java.util.Arrays.copyOf(fields, Math.max(8, length * 2));
        }
        fields[length++] = name;
        fields[length++] = value;
        return this;
    }

    /// Replaces every field of that name by one.
    public Headers set(String name, String value) {
        remove(name);
        return add(name, value);
    }

    public Headers setIfAbsent(String name, String value) {
        return contains(name) ? this : add(name, value);
    }

    public Headers addAll(Headers others) {
        for (int i = 0; i < others.length; i += 2) {
            addUnchecked(others.fields[i], others.fields[i + 1]);
        }
        return this;
    }

    public Headers remove(String name) {
        int kept = 0;
        for (int i = 0; i < length; i += 2) {
            if (!fields[i].equalsIgnoreCase(name)) {
                fields[kept++] = fields[i];
                fields[kept++] = fields[i + 1];
            }
        }
        length = kept;
        return this;
    }

    public boolean contains(String name) {
        return first(name) != null;
    }

    /// The first value of that name, or null.
    public @Nullable String first(String name) {
        for (int i = 0; i < length; i += 2) {
            if (fields[i].length() == name.length() && fields[i].equalsIgnoreCase(name)) {
                return fields[i + 1];
            }
        }
        return null;
    }

    /// Every value of that name, in order; empty where there is none.
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (int i = 0; i < length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                values.add(fields[i + 1]);
            }
        }
        return values;
    }

    /// Whether a comma-separated field of that name lists the token, compared without case (RFC 9110 §5.6.1).
    public boolean listContains(String name, String token) {
        for (int i = 0; i < length; i += 2) {
            if (fields[i].equalsIgnoreCase(name) && listContains(fields[i + 1], 0, token)) {
                return true;
            }
        }
        return false;
    }

    private static boolean listContains(String value, int from, String token) {
        int start = from;
        while (start <= value.length()) {
            int comma = value.indexOf(',', start);
            int end = comma < 0 ? value.length() : comma;
            if (value.substring(start, end).strip().equalsIgnoreCase(token)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < length; i += 2) {
            action.accept(fields[i], fields[i + 1]);
        }
    }

    public Headers copy() {
        Headers copy = new Headers(size() + 12);
        return copy.addAll(this);
    }

    /// Text made fit for a header value: what is not printable ASCII becomes `?`.
    public static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x20 || text.charAt(i) > 0x7E) {
                return replaceUnprintable(text);
            }
        }
        return text;
    }

    private static String replaceUnprintable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> printable.append(c < 0x20 || c > 0x7E ? '?' : (char) c));
        return printable.toString();
    }

    private static void check(String name, String value) {
        if (!Tokens.isToken(name)) {
            throw new IllegalArgumentException("not a header name: " + name.toLowerCase(Locale.ROOT));
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7F || c > 0xFF) {
                throw new IllegalArgumentException("illegal character in the value of header " + name);
            }
        }
    }

    /// Names only: values may be secret.
    @Override
    public String toString() {
        StringBuilder names = new StringBuilder("Headers[");
        for (int i = 0; i < length; i += 2) {
            names.append(i == 0 ? "" : ", ").append(fields[i]);
        }
        return names.append(']').toString();
    }
}
