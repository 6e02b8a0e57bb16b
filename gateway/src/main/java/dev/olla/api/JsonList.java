package dev.olla.api;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Writes long lists: what it takes of memory is the text and one item.
final class JsonList {

    /// A longer answer would leave too little of a small memory for everything else.
    private static final long MAX_BYTES =
            Math.max(4L << 20, Runtime.getRuntime().maxMemory() / 8);

    private JsonList() {}

    /// @param start what stands before the first item
    /// @param item null for what is left out
    /// @param end what stands behind the last item
    /// @return null when the list is too long to be answered
    static <T> byte @Nullable [] write(String start, List<T> values, Function<T, @Nullable JsonNode> item, String end) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Json.bytes(start));
        boolean first = true;
        for (T value : values) {
            JsonNode node = item.apply(value);
            if (node == null) {
                continue;
            }
            if (!first) {
                out.write(',');
            }
            first = false;
            out.writeBytes(Json.MAPPER.writeValueAsBytes(node));
            if (out.size() > MAX_BYTES) {
                return null;
            }
        }
        out.writeBytes(Json.bytes(end));
        return out.toByteArray();
    }

    static String tooLong() {
        return "the list is longer than " + HumanFormat.bytes(MAX_BYTES)
                + ": ask for a part of it by ?endpoint= or ?family=";
    }
}
