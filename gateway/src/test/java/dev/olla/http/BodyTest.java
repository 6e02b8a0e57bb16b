package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BodyTest {

    private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

    @Test
    void piecesOfAnySizeAddUpToTheBytes() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            StringBuilder sent = new StringBuilder();
            Body body = Body.empty();
            for (int i = random.nextInt(40); i >= 0; i--) {
                String piece =
                        String.valueOf((char) ('a' + i % 26)).repeat(1 + random.nextInt(random.nextInt(9000) + 1));
                sent.append(piece);
                body.append(ALLOCATOR, Pieces.buffer(piece));
            }
            assertThat(body.length()).isEqualTo(sent.length());
            assertThat(Pieces.text(body.bytes())).isEqualTo(sent.toString());
            body.release();
        }
    }

    @Test
    void aBodyThatTricklesInCostsLittleMoreThanItsBytes() {
        Body body = Body.empty();
        for (int i = 0; i < 100_000; i++) {
            body.append(ALLOCATOR, Unpooled.wrappedBuffer(new byte[] {1}));
        }
        assertThat(body.views().size()).isLessThan(10);
        body.release();
    }

    @Test
    void spliceReplacesBytesAcrossParts() {
        String text = "a".repeat(5000) + "b".repeat(5000) + "c".repeat(5000);
        Body body = Body.empty();
        body.append(ALLOCATOR, Pieces.buffer(text.substring(0, 5000)));
        body.append(ALLOCATOR, Pieces.buffer(text.substring(5000, 10_000)));
        body.append(ALLOCATOR, Pieces.buffer(text.substring(10_000)));
        for (int[] range :
                new int[][] {{0, 0}, {0, 15_000}, {4999, 5001}, {5000, 10_000}, {15_000, 15_000}, {1, 14_999}}) {
            Body spliced = body.splice(range[0], range[1], Pieces.bytes("NEW"));
            String expected = text.substring(0, range[0]) + "NEW" + text.substring(range[1]);
            assertThat(spliced.length()).isEqualTo(expected.length());
            assertThat(Pieces.text(spliced.bytes())).isEqualTo(expected);
            spliced.release();
        }
        assertThat(Pieces.text(body.bytes())).isEqualTo(text);
        body.release();
    }

    @Test
    void bytesAreFreedWithTheLastReference() {
        List<ByteBuf> parts = new ArrayList<>();
        Body body = Body.empty();
        for (int i = 0; i < 3; i++) {
            ByteBuf part = Unpooled.directBuffer().writeZero(5000);
            parts.add(part);
            body.append(ALLOCATOR, part);
        }
        Body spliced = body.splice(10, 20, Pieces.bytes("x"));
        body.retain();
        body.release();
        assertThat(parts).allMatch(part -> part.refCnt() > 0);
        body.release();
        assertThat(parts).allMatch(part -> part.refCnt() > 0);
        assertThat(spliced.length()).isEqualTo(14_991);
        spliced.release();
        assertThat(parts).allMatch(part -> part.refCnt() == 0);
        assertThatThrownBy(body::retain).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readingAViewLeavesTheBodyAlone() {
        Body body = Body.of(Pieces.bytes("hello"));
        body.views().forEach(view -> view.skipBytes(view.readableBytes()));
        assertThat(Pieces.text(body.bytes())).isEqualTo("hello");
        assertThat(Body.empty().views()).isEmpty();
        assertThat(Body.of(new byte[0]).isEmpty()).isTrue();
    }
}
