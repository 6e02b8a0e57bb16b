package dev.olla.request.inspect;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Finds `model` and `stream` in a JSON object that comes in pieces, without building a tree; what it meets on
/// the way it tells a [ConversationScan].
///
/// It follows strings and brackets only; the rest of the syntax is for whoever reads the body in earnest. Of a
/// repeated key the last one counts, as it does to JSON parsers; `model` in other letter case counts where the
/// exact one is absent. Used by one thread.
final class BodyScan {

    /// Longer names are nobody's; of those only the beginning is kept.
    private static final int MAX_NAME = 4096;

    private static final int BEGINNING = 200;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private enum Expect {
        KEY,
        COLON,
        VALUE,
        COMMA
    }

    private enum Key {
        MODEL,
        MODEL_OTHER_CASE,
        NAME,
        STREAM,
        MESSAGES,
        OTHER
    }

    /// A string value and where it stands, quotes included.
    private record Text(String value, long start, long end) {}

    private final ConversationScan conversation;
    private long offset;
    private int depth;
    private boolean started;
    private boolean closed;
    private boolean foreign;
    private boolean inString;
    private boolean escaped;
    private boolean inLiteral;
    private boolean capturing;
    private boolean cutOff;
    private Expect topLevel = Expect.KEY;
    private Key key = Key.OTHER;
    private boolean messageIsObject;
    private boolean firstMessage;
    private Expect inMessage = Expect.KEY;
    private boolean messageKeyIsModel;
    private byte[] captured = new byte[64];
    private int capturedLength;
    private long captureStart;

    private @Nullable Text model;
    private @Nullable Text modelOtherCase;
    private @Nullable Text name;
    private @Nullable Text messageModel;
    private @Nullable Boolean stream;

    BodyScan() {
        this(new ConversationScan(0));
    }

    BodyScan(ConversationScan conversation) {
        this.conversation = conversation;
    }

    /// Takes the next bytes.
    void feed(byte[] bytes, int length) {
        int i = 0;
        while (i < length && !foreign) {
            i = inString ? string(bytes, i, length) : structure(bytes, i);
        }
        offset += length;
    }

    /// Whether what came so far can't be the beginning of a JSON object.
    boolean foreign() {
        return foreign;
    }

    /// @param legacyName whether `name` stands for the model where there is no `model`
    Inspection result(boolean legacyName) {
        Text found = model != null ? model : modelOtherCase;
        if (found == null && legacyName) {
            found = name;
        }
        if (found != null && !found.value().isBlank()) {
            return new Inspection(
                    found.value().strip(),
                    found.start(),
                    found.end(),
                    stream,
                    null,
                    null,
                    conversation.needs(),
                    conversation.prefix());
        }
        if (messageModel != null && !messageModel.value().isBlank()) {
            return new Inspection(
                    messageModel.value().strip(),
                    -1,
                    -1,
                    stream,
                    null,
                    null,
                    conversation.needs(),
                    conversation.prefix());
        }
        return new Inspection(null, -1, -1, stream, problem(), null, conversation.needs(), conversation.prefix());
    }

    private @Nullable String problem() {
        if (!started || foreign) {
            return "the body is not a JSON object";
        }
        return closed ? null : "the body ends within its JSON object";
    }

    private int string(byte[] bytes, int from, int length) {
        int i = from;
        if (escaped) {
            escaped = false;
            i++;
        }
        i = plainEnd(bytes, i, length);
        boolean closes = i < length && bytes[i] == '"';
        int end = Math.min(length, closes ? i : i + 1);
        if (capturing) {
            capture(bytes, from, end);
        }
        conversation.bytes(bytes, from, end);
        if (closes) {
            inString = false;
            stringEnded(offset + i + 1);
            return i + 1;
        }
        escaped = i < length;
        return end;
    }

    /// Where the run of bytes that are neither quote nor backslash ends: eight at a time, since prompts are long.
    private static int plainEnd(byte[] bytes, int from, int length) {
        int i = from;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            long word = (long) WORDS.get(bytes, i);
            long found = zeroBytes(word ^ QUOTES) | zeroBytes(word ^ BACKSLASHES);
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (i < length && bytes[i] != '"' && bytes[i] != '\\') {
            i++;
        }
        return i;
    }

    /// The top bit of the lowest zero byte; bits above it may be set falsely.
    private static long zeroBytes(long word) {
        return (word - ONES) & ~word & (ONES << 7);
    }

    private void capture(byte[] bytes, int from, int end) {
        int count = Math.min(end - from, MAX_NAME - capturedLength);
        cutOff |= count < end - from;
        if (capturedLength + count > captured.length) {
            captured = Arrays.copyOf(captured, Math.max(captured.length * 4, capturedLength + count));
        }
        System.arraycopy(bytes, from, captured, capturedLength, count);
        capturedLength += count;
    }

    private int structure(byte[] bytes, int i) {
        byte b = bytes[i];
        if (inLiteral && (b == ',' || b == '}' || b == ']' || b <= ' ')) {
            inLiteral = false;
            literalEnded();
        }
        switch (b) {
            case ' ', '\n', '\r', '\t' -> {}
            case '"' -> open(offset + i);
            case '{', '[' -> descend(b);
            case '}', ']' -> ascend();
            case ':' -> colon();
            case ',' -> comma();
            default -> literal(b);
        }
        return i + 1;
    }

    private void open(long at) {
        foreign |= depth == 0;
        inString = true;
        boolean wantedByConversation = conversation.opensString();
        capturing = wantsString() || wantedByConversation;
        cutOff = false;
        capturedLength = 0;
        captureStart = at;
    }

    private boolean wantsString() {
        if (depth == 1) {
            return topLevel == Expect.KEY
                    || (topLevel == Expect.VALUE && key != Key.OTHER && key != Key.MESSAGES && key != Key.STREAM);
        }
        return inFirstMessage() && (inMessage == Expect.KEY || (inMessage == Expect.VALUE && messageKeyIsModel));
    }

    private boolean inFirstMessage() {
        return depth == 3 && firstMessage && messageIsObject;
    }

    private void stringEnded(long end) {
        String text = capturing && conversation.readsText() ? decoded() : null;
        conversation.stringEnded(text, captured, capturing ? capturedLength : 0);
        if (depth == 1) {
            topLevelString(end);
        } else if (inFirstMessage()) {
            messageString(end);
        }
        capturing = false;
    }

    private void topLevelString(long end) {
        if (topLevel == Expect.KEY) {
            key = capturing ? key() : Key.OTHER;
            topLevel = Expect.COLON;
            return;
        }
        if (topLevel == Expect.VALUE) {
            topLevel = Expect.COMMA;
            Text text = capturing ? text(end) : null;
            switch (key) {
                case MODEL -> model = text;
                case MODEL_OTHER_CASE -> modelOtherCase = text;
                case NAME -> name = text;
                case STREAM, MESSAGES, OTHER -> {}
            }
        }
    }

    private void messageString(long end) {
        if (inMessage == Expect.KEY) {
            messageKeyIsModel = capturing && "model".equals(decoded());
            inMessage = Expect.COLON;
        } else if (inMessage == Expect.VALUE) {
            inMessage = Expect.COMMA;
            if (messageKeyIsModel && capturing) {
                messageModel = text(end);
            }
        }
    }

    private Key key() {
        String text = decoded();
        if (text == null) {
            return Key.OTHER;
        }
        return switch (text) {
            case "model" -> Key.MODEL;
            case "name" -> Key.NAME;
            case "stream" -> Key.STREAM;
            case "messages" -> Key.MESSAGES;
            default -> text.equalsIgnoreCase("model") ? Key.MODEL_OTHER_CASE : Key.OTHER;
        };
    }

    private @Nullable Text text(long end) {
        if (cutOff) {
            return new Text(new String(captured, 0, BEGINNING, StandardCharsets.UTF_8) + '…', -1, -1);
        }
        String value = decoded();
        return value == null ? null : new Text(value, captureStart, end);
    }

    /// The captured string without its escapes; null when they are malformed or the string is cut off.
    private @Nullable String decoded() {
        if (cutOff) {
            return null;
        }
        boolean plain = true;
        for (int i = 0; i < capturedLength; i++) {
            plain &= captured[i] != '\\' && captured[i] >= 0x20;
        }
        if (plain) {
            return new String(captured, 0, capturedLength, StandardCharsets.US_ASCII);
        }
        byte[] quoted = new byte[capturedLength + 2];
        quoted[0] = '"';
        System.arraycopy(captured, 0, quoted, 1, capturedLength);
        quoted[capturedLength + 1] = '"';
        try {
            return JSON.readValue(quoted, String.class);
        } catch (JacksonException _) {
            return null;
        }
    }

    private void descend(byte b) {
        if (depth == 0 && (b != '{' || closed)) {
            foreign = true;
            return;
        }
        started = true;
        conversation.descend(b == '{');
        depth++;
        if (depth == 2 && key == Key.MESSAGES && topLevel == Expect.VALUE && b == '[') {
            firstMessage = true;
        } else if (depth == 3 && firstMessage && b == '{') {
            messageIsObject = true;
            inMessage = Expect.KEY;
        }
    }

    private void ascend() {
        if (depth == 0) {
            foreign = true;
            return;
        }
        conversation.ascend();
        if (depth == 3) {
            firstMessage = false;
            messageIsObject = false;
        } else if (depth == 2) {
            firstMessage = false;
            topLevel = Expect.COMMA;
        }
        depth--;
        closed = depth == 0;
    }

    private void colon() {
        conversation.colon();
        if (depth == 1) {
            topLevel = Expect.VALUE;
            forget(key);
        } else if (inFirstMessage()) {
            inMessage = Expect.VALUE;
        }
    }

    /// A repeated key takes the place of the earlier one, whatever its value.
    private void forget(Key repeated) {
        switch (repeated) {
            case MODEL -> model = null;
            case MODEL_OTHER_CASE -> modelOtherCase = null;
            case NAME -> name = null;
            case STREAM -> stream = null;
            case MESSAGES, OTHER -> {}
        }
    }

    private void comma() {
        conversation.comma();
        if (depth == 1) {
            topLevel = Expect.KEY;
        } else if (depth == 2) {
            firstMessage = false;
        } else if (inFirstMessage()) {
            inMessage = Expect.KEY;
        }
    }

    private void literal(byte b) {
        foreign |= depth == 0;
        if (!inLiteral) {
            inLiteral = true;
            capturedLength = 0;
        }
        if (capturedLength < 8) {
            captured[capturedLength++] = b;
        }
    }

    private void literalEnded() {
        if (conversation.readsLiteral()) {
            conversation.literal(literal());
        }
        if (depth == 1 && topLevel == Expect.VALUE) {
            topLevel = Expect.COMMA;
            if (key == Key.STREAM) {
                String word = literal();
                stream = word.equals("true") ? Boolean.TRUE : word.equals("false") ? Boolean.FALSE : null;
            }
        }
    }

    private String literal() {
        return new String(captured, 0, capturedLength, StandardCharsets.US_ASCII);
    }
}
