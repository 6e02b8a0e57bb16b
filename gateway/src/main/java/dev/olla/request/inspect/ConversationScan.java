package dev.olla.request.inspect;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows the parts of a request's body that hold the conversation: what it needs of a model, and how it begins.
///
/// It hears of every bracket, key and value in the order of the body and keeps a few flags and two hashes, however
/// large the body is: of a text only the first bytes are looked at. Used by one thread.
final class ConversationScan {

    /// What is deeper can't be a part that is looked for.
    private static final int MAX_DEPTH = 6;

    /// Of a system message, as much is searched for words about code.
    private static final int SEARCHED = 4096;

    private static final String IMAGE_DATA = "data:image/";
    private static final List<String> CODE_WORDS =
            List.of("code", "programming", "function", "class", "debug", "implement");

    private enum Place {
        TOP,
        MESSAGES,
        MESSAGE,
        /// An array of parts, or of plain texts.
        CONTENT,
        PART,
        IMAGES,
        /// An array whose mere items count.
        TOOLS,
        ELSEWHERE
    }

    private final int prefixBytes;
    private final Place[] places = new Place[MAX_DEPTH + 1];
    private int depth;
    private boolean expectsKey;
    private String key = "";
    /// The key of the top level that is being read.
    private String topKey = "";
    private final Set<Need> needs = EnumSet.noneOf(Need.class);

    private final PrefixHash topSystem;
    private final PrefixHash systemMessage;
    private final PrefixHash userMessage;
    private final PrefixHash prompt;
    private final PrefixHash current;
    private @Nullable PrefixHash target;
    private @Nullable String role;
    private boolean mentionsCode;

    /// @param prefixBytes how much of the beginning counts; zero or less means all of it
    ConversationScan(int prefixBytes) {
        this.prefixBytes = prefixBytes <= 0 ? Integer.MAX_VALUE : prefixBytes;
        topSystem = new PrefixHash(this.prefixBytes);
        systemMessage = new PrefixHash(this.prefixBytes);
        userMessage = new PrefixHash(this.prefixBytes);
        prompt = new PrefixHash(this.prefixBytes);
        current = new PrefixHash(this.prefixBytes);
    }

    /// What was found to be needed.
    Set<Need> needs() {
        return needs.isEmpty() ? Set.of() : EnumSet.copyOf(needs);
    }

    /// A hash of how the conversation begins, which stays the same while it grows; null when there is no beginning.
    @Nullable
    Long prefix() {
        PrefixHash user = userMessage.isEmpty() ? prompt : userMessage;
        if (user.isEmpty()) {
            return null;
        }
        PrefixHash system = topSystem.isEmpty() ? systemMessage : topSystem;
        return system.value() * 31 + user.value();
    }

    private Place place() {
        return depth == 0 || depth > MAX_DEPTH ? Place.ELSEWHERE : places[depth];
    }

    private boolean inObject() {
        return switch (place()) {
            case TOP, MESSAGE, PART -> true;
            case MESSAGES, CONTENT, IMAGES, TOOLS, ELSEWHERE -> false;
        };
    }

    /// A string begins; tells whether its text is wanted.
    boolean opensString() {
        if (depth > MAX_DEPTH) {
            return false;
        }
        if (inObject() && expectsKey) {
            return true;
        }
        target = targetOfValue();
        return switch (place()) {
            case MESSAGE -> key.equals("role") || key.equals("content");
            case CONTENT -> true;
            case PART -> key.equals("type") || key.equals("text");
            case TOP -> target == topSystem;
            case MESSAGES, IMAGES, TOOLS, ELSEWHERE -> false;
        };
    }

    /// Whether the whole text of the string that ends here is of interest, not only how it begins.
    boolean readsText() {
        if (depth > MAX_DEPTH || !inObject()) {
            return false;
        }
        return expectsKey || (place() == Place.MESSAGE ? key.equals("role") : key.equals("type"));
    }

    /// Where the bytes of the string that begins here count.
    private @Nullable PrefixHash targetOfValue() {
        return switch (place()) {
            case TOP ->
                switch (key) {
                    case "system", "instructions" -> topSystem;
                    case "prompt", "input" -> prompt;
                    default -> null;
                };
            case MESSAGE -> key.equals("content") ? current : null;
            case CONTENT -> textsOfContent();
            case PART -> key.equals("text") ? textsOfContent() : null;
            case MESSAGES -> topKey.equals("input") ? prompt : null;
            case IMAGES, TOOLS, ELSEWHERE -> null;
        };
    }

    private PrefixHash textsOfContent() {
        return switch (topKey) {
            case "system" -> topSystem;
            case "prompt" -> prompt;
            default -> current;
        };
    }

    /// Bytes of the string that began last, as they stand in the body.
    void bytes(byte[] bytes, int from, int end) {
        if (target != null) {
            target.add(bytes, from, end);
        }
    }

    /// @param text null when it was not wanted, or is too long or malformed
    /// @param beginning what was captured of it, escapes included
    void stringEnded(@Nullable String text, byte[] beginning, int length) {
        target = null;
        if (depth > MAX_DEPTH) {
            return;
        }
        if (inObject() && expectsKey) {
            key = text == null ? "" : text;
            if (place() == Place.TOP) {
                topKey = key;
                forgetRepeated();
            }
            return;
        }
        value(text);
        if (isText()) {
            look(beginning, length);
        }
    }

    private boolean isText() {
        return switch (place()) {
            case MESSAGE -> key.equals("content");
            case CONTENT -> true;
            case PART -> key.equals("text");
            case TOP -> key.equals("system");
            case MESSAGES, IMAGES, TOOLS, ELSEWHERE -> false;
        };
    }

    private void look(byte[] beginning, int length) {
        if (startsWithImage(beginning, length)) {
            needs.add(Need.VISION);
        }
        boolean system = topKey.equals("system") || isSystem(role);
        if (system || role == null) {
            String words = new String(beginning, 0, Math.min(length, SEARCHED), StandardCharsets.US_ASCII)
                    .toLowerCase(Locale.ROOT);
            mentionsCode |= CODE_WORDS.stream().anyMatch(words::contains);
        }
        if (topKey.equals("system") && mentionsCode) {
            needs.add(Need.CODE);
        }
    }

    private static boolean startsWithImage(byte[] beginning, int length) {
        if (length < IMAGE_DATA.length()) {
            return false;
        }
        for (int i = 0; i < IMAGE_DATA.length(); i++) {
            if (beginning[i] != IMAGE_DATA.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSystem(@Nullable String role) {
        return "system".equals(role) || "developer".equals(role);
    }

    /// A value of any kind stands at the current place; `text` only where it is a string that was wanted.
    private void value(@Nullable String text) {
        switch (place()) {
            case TOP -> topValue();
            case MESSAGE -> {
                if (key.equals("role")) {
                    role = text;
                }
            }
            case PART -> partValue(text);
            case IMAGES -> needs.add(Need.VISION);
            case TOOLS -> needs.add(Need.FUNCTIONS);
            case MESSAGES, CONTENT, ELSEWHERE -> {}
        }
    }

    private void topValue() {
        switch (key) {
            case "tool_choice", "function_call" -> needs.add(Need.FUNCTIONS);
            case "input" -> needs.add(Need.EMBEDDINGS);
            case "language" -> needs.add(Need.CODE);
            default -> {}
        }
    }

    private void partValue(@Nullable String text) {
        boolean image = switch (key) {
            case "type" ->
                text != null && (text.equals("image") || text.equals("image_url") || text.equals("input_image"));
            case "image_url", "image" -> true;
            default -> false;
        };
        if (image) {
            needs.add(Need.VISION);
        }
    }

    void colon() {
        if (inObject()) {
            expectsKey = false;
        }
    }

    void comma() {
        if (inObject()) {
            expectsKey = true;
        }
    }

    boolean readsLiteral() {
        return switch (place()) {
            case TOP, MESSAGE, PART, IMAGES, TOOLS -> true;
            case MESSAGES, CONTENT, ELSEWHERE -> false;
        };
    }

    /// @param word a number, `true`, `false` or `null`
    void literal(String word) {
        if (depth > MAX_DEPTH || word.equals("null")) {
            return;
        }
        if (place() == Place.TOP && key.equals("code_model")) {
            if (word.equals("true")) {
                needs.add(Need.CODE);
            }
            return;
        }
        value(null);
    }

    void descend(boolean object) {
        Place inner =
                depth > 0 && depth <= MAX_DEPTH ? inner(object) : object && depth == 0 ? Place.TOP : Place.ELSEWHERE;
        depth++;
        if (depth <= MAX_DEPTH) {
            places[depth] = inner;
        }
        expectsKey = object;
        if (inner == Place.MESSAGE) {
            role = null;
            mentionsCode = false;
            current.clear();
        }
    }

    /// What opens here.
    private Place inner(boolean object) {
        Place outer = place();
        value(null);
        return switch (outer) {
            case TOP -> object ? Place.ELSEWHERE : topArray();
            case MESSAGES -> object ? Place.MESSAGE : Place.ELSEWHERE;
            case MESSAGE -> object ? Place.ELSEWHERE : messageArray();
            case CONTENT -> object ? Place.PART : Place.ELSEWHERE;
            case PART, IMAGES, TOOLS, ELSEWHERE -> Place.ELSEWHERE;
        };
    }

    private Place topArray() {
        return switch (key) {
            case "messages", "input" -> Place.MESSAGES;
            case "system", "prompt" -> Place.CONTENT;
            case "images" -> Place.IMAGES;
            case "tools", "functions" -> Place.TOOLS;
            default -> Place.ELSEWHERE;
        };
    }

    private Place messageArray() {
        return switch (key) {
            case "content" -> Place.CONTENT;
            case "images" -> Place.IMAGES;
            default -> Place.ELSEWHERE;
        };
    }

    void ascend() {
        if (place() == Place.MESSAGE) {
            messageEnded();
        }
        depth = Math.max(0, depth - 1);
        // A value has ended, so the next string of an object is a key, after its comma.
        expectsKey = false;
        key = place() == Place.TOP ? topKey : "";
    }

    private void messageEnded() {
        if (isSystem(role)) {
            systemMessage.takeIfEmpty(current);
            if (mentionsCode) {
                needs.add(Need.CODE);
            }
        } else if ("user".equals(role)) {
            userMessage.takeIfEmpty(current);
        }
    }

    /// Of a repeated key the last one counts.
    private void forgetRepeated() {
        switch (topKey) {
            case "messages" -> {
                systemMessage.clear();
                userMessage.clear();
            }
            case "system", "instructions" -> topSystem.clear();
            case "prompt", "input" -> prompt.clear();
            default -> {}
        }
    }
}
