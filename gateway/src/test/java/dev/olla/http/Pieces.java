package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Ways in which bytes can be cut on their way.
final class Pieces {

    private Pieces() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static ByteBuf buffer(String text) {
        return Unpooled.wrappedBuffer(bytes(text));
    }

    /// Whole, cut in two at every position, and byte by byte.
    static List<List<ByteBuf>> everyCutOf(String text) {
        byte[] all = bytes(text);
        List<List<ByteBuf>> cuts = new ArrayList<>();
        for (int at = 0; at < all.length; at++) {
            cuts.add(List.of(
                    Unpooled.wrappedBuffer(Arrays.copyOfRange(all, 0, at)),
                    Unpooled.wrappedBuffer(Arrays.copyOfRange(all, at, all.length))));
        }
        List<ByteBuf> single = new ArrayList<>();
        for (byte b : all) {
            single.add(Unpooled.wrappedBuffer(new byte[] {b}));
        }
        cuts.add(single);
        return cuts;
    }
}
