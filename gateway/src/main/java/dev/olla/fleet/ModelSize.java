package dev.olla.fleet;

import java.util.List;

/// What models of one size need.
///
/// @param tokens parts of names that tell the size, such as `7b`
public record ModelSize(List<String> tokens, ModelNeeds needs) {

    public ModelSize {
        tokens = List.copyOf(tokens);
    }

    /// Whether the name, in lower case, has one of the tokens as a whole: `1.7b`, `17b` and `8x7b` are not `7b`.
    boolean fits(String name) {
        return tokens.stream().anyMatch(token -> contains(name, token));
    }

    private static boolean contains(String name, String token) {
        if (token.isEmpty()) {
            return false;
        }
        for (int at = name.indexOf(token); at >= 0; at = name.indexOf(token, at + 1)) {
            if (startsToken(name, at) && endsToken(name, at + token.length())) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsToken(String name, int at) {
        if (at == 0) {
            return true;
        }
        char before = name.charAt(at - 1);
        boolean fraction = before == '.' && at > 1 && Character.isDigit(name.charAt(at - 2));
        return !fraction && !Character.isLetterOrDigit(before);
    }

    private static boolean endsToken(String name, int end) {
        return end == name.length() || !Character.isLetterOrDigit(name.charAt(end));
    }
}
