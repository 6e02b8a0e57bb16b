package dev.olla.request.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Finds the JSON objects in what was kept of an answer: one whole, the lines of NDJSON, the events of SSE.
///
/// Where only the end of an object was kept, its last members are still read: usage and timings stand there.
final class AnswerPieces {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    /// Where a member may begin in an object of which the beginning is missing.
    private static final Pattern MEMBER = Pattern.compile(",\\s*(?=\"[A-Za-z_]+\"\\s*:)");

    private AnswerPieces() {}

    /// In their order.
    static List<ObjectNode> of(AnswerTail kept) {
        List<ObjectNode> pieces = new ArrayList<>();
        if (kept.headIsAll()) {
            ObjectNode whole = object(kept.head());
            if (whole != null) {
                return List.of(whole);
            }
            addLines(kept.head(), true, pieces);
            return pieces;
        }
        addLines(kept.head(), true, pieces);
        addLines(kept.tail(), false, pieces);
        return pieces;
    }

    /// @param startsALine whether the first line is whole
    private static void addLines(byte[] bytes, boolean startsALine, List<ObjectNode> pieces) {
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '\n') {
                boolean whole = start > 0 || startsALine;
                ObjectNode piece = whole ? object(line(bytes, start, i)) : endOf(line(bytes, start, i));
                if (piece != null) {
                    pieces.add(piece);
                }
                start = i + 1;
            }
        }
    }

    /// Without the field name of an event.
    private static byte[] line(byte[] bytes, int start, int end) {
        int from = start;
        boolean event = end - start > DATA.length;
        for (int i = 0; event && i < DATA.length; i++) {
            event = bytes[start + i] == DATA[i];
        }
        if (event) {
            from += DATA.length;
        }
        return java.util.Arrays.copyOfRange(bytes, from, end);
    }

    private static @Nullable ObjectNode object(byte[] text) {
        int first = 0;
        while (first < text.length && text[first] <= ' ') {
            first++;
        }
        if (first == text.length || text[first] != '{') {
            return null;
        }
        try {
            return JSON.readTree(text) instanceof ObjectNode object ? object : null;
        } catch (JacksonException _) {
            return null;
        }
    }

    /// The last members of an object: as many as can be read when one begins at one of its commas.
    private static @Nullable ObjectNode endOf(byte[] text) {
        String line = new String(text, StandardCharsets.UTF_8).stripTrailing();
        if (!line.endsWith("}")) {
            return null;
        }
        Matcher member = MEMBER.matcher(line);
        while (member.find()) {
            ObjectNode end = members(line.substring(member.end()));
            if (end != null) {
                return end;
            }
        }
        return null;
    }

    /// Read up to the end of the outermost object; deeper ones that end before have no beginning here.
    private static @Nullable ObjectNode members(String text) {
        String whole = "{" + text;
        try (JsonParser parser = JSON.createParser(whole)) {
            ObjectNode object = parser.readValueAsTree();
            return parser.nextToken() == null ? object : null;
        } catch (JacksonException _) {
            return null;
        }
    }
}
