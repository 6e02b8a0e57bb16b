package dev.olla.fleet;

import java.util.List;
import java.util.Locale;

/// Admits names by glob patterns: `*` is any text, `?` any character, case doesn't count.
///
/// @param include an empty list admits every name
/// @param exclude wins over `include`
public record NameFilter(List<String> include, List<String> exclude) {

    public static final NameFilter ALL = new NameFilter(List.of(), List.of());

    public NameFilter {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    public boolean admits(String name) {
        boolean included = include.isEmpty() || include.stream().anyMatch(pattern -> matches(pattern, name));
        return included && exclude.stream().noneMatch(pattern -> matches(pattern, name));
    }

    /// Whether the whole name fits the pattern.
    public static boolean matches(String pattern, String name) {
        return matches(pattern.toLowerCase(Locale.ROOT), 0, name.toLowerCase(Locale.ROOT), 0);
    }

    private static boolean matches(String pattern, int patternFrom, String name, int nameFrom) {
        int p = patternFrom, n = nameFrom, star = -1, resume = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') p++;
        return p == pattern.length();
    }
}
