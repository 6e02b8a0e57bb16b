package dev.olla.fleet;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A regular expression, compiled once; equal to others of the same text. Case doesn't count.
public final class TextPattern {

    private final Pattern pattern;

    /// @throws java.util.regex.PatternSyntaxException when it is none
    public TextPattern(String text) {
        this.pattern = Pattern.compile(text, Pattern.CASE_INSENSITIVE);
    }

    Matcher matcher(String text) {
        return pattern.matcher(text);
    }

    public int groups() {
        return pattern.matcher("").groupCount();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TextPattern same && same.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }
}
