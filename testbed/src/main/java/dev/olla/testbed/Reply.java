package dev.olla.testbed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a simulated server says, as the pieces that a stream carries one by one; equal requests get equal replies.
@SuppressWarnings("ArrayRecordComponent") // precomputed bytes, never compared
sealed interface Reply {

    /// A number of pieces, at least one unless nothing is said.
    int pieces();

    /// A piece as the inside of a JSON string, in UTF-8.
    byte[] piece(int index);

    /// `box-a says: w1 w2 w3`: loss and reordering can be seen.
    record Words(String server, byte[] opening, int pieces, boolean cutShort) implements Reply {

        private static final byte[][] NUMBERED = numbered(8192);

        static Words of(String server, int pieces, boolean cutShort) {
            return new Words(server, (server + " says:").getBytes(StandardCharsets.UTF_8), pieces, cutShort);
        }

        @Override
        public byte[] piece(int index) {
            if (index == 0) {
                return opening;
            }
            return index < NUMBERED.length ? NUMBERED[index] : word(index);
        }

        String text() {
            StringBuilder text = new StringBuilder(server).append(" says:");
            for (int index = 1; index < pieces; index++) {
                text.append(" w").append(index);
            }
            return text.toString();
        }

        private static byte[][] numbered(int count) {
            byte[][] words = new byte[count][];
            for (int index = 0; index < count; index++) {
                words[index] = word(index);
            }
            return words;
        }

        private static byte[] word(int index) {
            return (" w" + index).getBytes(StandardCharsets.UTF_8);
        }
    }

    /// A call of one of the request's tools, its arguments in pieces of a few characters.
    ///
    /// @param before the calls that are told ahead of it in the same answer, each in one piece
    record ToolCall(String tool, String arguments, List<byte[]> escaped, List<ToolCall> before) implements Reply {

        private static final int PIECE_LENGTH = 8;

        static ToolCall of(String tool, String arguments, List<ToolCall> before) {
            List<byte[]> pieces = new ArrayList<>();
            for (int from = 0; from < arguments.length(); from += PIECE_LENGTH) {
                int to = Math.min(arguments.length(), from + PIECE_LENGTH);
                pieces.add(Json.escape(arguments.substring(from, to)));
            }
            return new ToolCall(tool, arguments, pieces, before);
        }

        @Override
        public int pieces() {
            return escaped.size();
        }

        @Override
        public byte[] piece(int index) {
            return escaped.get(index);
        }

        /// The same call in one piece of raw JSON, for dialects that don't cut arguments up.
        ToolCall whole() {
            return new ToolCall(tool, arguments, List.of(arguments.getBytes(StandardCharsets.UTF_8)), before);
        }
    }

    /// The reply to a request: a call of each tool that the last user message names after `tool:`, as in
    /// `tool:weather,time Oslo`, if all of them are given; words otherwise.
    static Reply to(InferenceRequest request, String server, int usualTokens) {
        String text = request.lastUserText();
        if (text.startsWith("tool:") && !request.tools().isEmpty()) {
            String[] namesAndRest = text.substring("tool:".length()).strip().split("\\s+", 2);
            List<String> names = List.of(namesAndRest[0].split(",", -1));
            if (request.tools().containsAll(names)) {
                return calls(names, argumentsOf(server, namesAndRest.length < 2 ? "" : namesAndRest[1]));
            }
        }
        return Words.of(server, request.tokens(usualTokens), request.cutShort(usualTokens));
    }

    private static ToolCall calls(List<String> tools, String arguments) {
        List<ToolCall> before = new ArrayList<>();
        for (String tool : tools.subList(0, tools.size() - 1)) {
            before.add(ToolCall.of(tool, arguments, List.of()));
        }
        return ToolCall.of(tools.getLast(), arguments, List.copyOf(before));
    }

    private static String argumentsOf(String server, String text) {
        return Json.text(Json.object().put("server", server).put("text", text));
    }
}
