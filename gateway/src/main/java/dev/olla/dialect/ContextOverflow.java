package dev.olla.dialect;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A prompt that is longer than the model's context, in the words of the many servers that say so.
///
/// @param tokens how long it is; null where the server doesn't say
/// @param maximum how long it may be; null where the server doesn't say
record ContextOverflow(@Nullable Long tokens, @Nullable Long maximum, String words) {

    static final String PREFIX = "prompt is too long: ";

    /// Longer messages are searched only so far.
    private static final int SEARCHED = 2_000;

    private static final List<String> CODES = List.of("context_length_exceeded", "exceed_context_size_error");

    private static final List<String> SIGNS = List.of(
            "prompt is too long",
            "maximum context length",
            "context length is only",
            "context length of only",
            "exceeds the available context size",
            "longer than the model's context length",
            "exceeds the context length",
            "exceeds maximum context length",
            "greater than the context length",
            "exceeded max context length");

    private static final Pattern MAXIMUM = Pattern.compile(
            "(?:context (?:length|size|window) ?(?:is|of|:)?(?: only)? ?\\(?|> ?)(\\d{1,18})(?: tokens?| maximum)?");

    private static final List<Pattern> TOKENS = List.of(
            Pattern.compile("requested (?:a total of )?(\\d{1,18}) tokens"),
            Pattern.compile("resulted in (\\d{1,18}) tokens"),
            Pattern.compile("passed (\\d{1,18}) input tokens"),
            Pattern.compile("(?:request|input|prompt) \\((\\d{1,18}) tokens\\)"),
            Pattern.compile("first (\\d{1,18}) tokens"),
            Pattern.compile("too long: (\\d{1,18}) tokens"));

    /// Null where the error is another one.
    static @Nullable ContextOverflow of(@Nullable String code, String message, @Nullable JsonNode error) {
        String text = message.substring(0, Math.min(SEARCHED, message.length())).toLowerCase(Locale.ROOT);
        boolean named = code != null && CODES.contains(code);
        if (!named && SIGNS.stream().noneMatch(text::contains)) {
            return null;
        }
        Long tokens = first(TOKENS, text);
        Long maximum = first(List.of(MAXIMUM), text);
        if (error != null && error.path("n_prompt_tokens").canConvertToLong()) {
            tokens = error.path("n_prompt_tokens").longValue();
            maximum = error.path("n_ctx").canConvertToLong()
                    ? (Long) error.path("n_ctx").longValue()
                    : maximum;
        }
        boolean fits = !named && tokens == null && text.contains("max_tokens");
        return fits ? null : new ContextOverflow(tokens, maximum, message);
    }

    private static @Nullable Long first(List<Pattern> patterns, String text) {
        for (Pattern pattern : patterns) {
            Matcher matcher = pattern.matcher(text);
            if (matcher.find()) {
                return Long.valueOf(matcher.group(1));
            }
        }
        return null;
    }

    /// As Anthropic says it, by which its clients know that they have to shorten their history.
    String message() {
        if (tokens != null && maximum != null && tokens > maximum) {
            return PREFIX + tokens + " tokens > " + maximum + " maximum";
        }
        return words.startsWith(PREFIX) ? words : PREFIX + words;
    }
}
