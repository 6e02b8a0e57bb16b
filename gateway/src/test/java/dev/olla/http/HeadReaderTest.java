package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadReaderTest {

    private static final String FIRST = "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
    private static final String SECOND = "GET /2 HTTP/1.1\r\nHost: b\r\n\r\n";

    @Test
    void headsAreTheSameHoweverTheyAreCut() throws MalformedMessage {
        for (List<ByteBuf> cut : Pieces.everyCutOf("\r\n\r\n" + FIRST + "\r\n" + SECOND)) {
            assertThat(heads(cut, 100)).containsExactly(FIRST, SECOND);
        }
    }

    @Test
    void whatFollowsAHeadIsLeftInTheBuffer() throws MalformedMessage {
        ByteBuf in = Pieces.buffer(FIRST + "body");
        assertThat(new HeadReader(100).read(in)).isEqualTo(Pieces.bytes(FIRST));
        assertThat(in.readableBytes()).isEqualTo(4);
    }

    @Test
    void aBareLineFeedIsRefusedWhereverItStands() {
        for (String bad :
                List.of("GET / HTTP/1.1\nHost: a\r\n\r\n", "\n", "GET / HTTP/1.1\r\n\n", "\r\n\n", "a\r\nb\n")) {
            for (List<ByteBuf> cut : Pieces.everyCutOf(bad)) {
                assertThatThrownBy(() -> heads(cut, 100)).isInstanceOf(MalformedMessage.class);
            }
        }
    }

    @Test
    void aHeadOfTheLimitIsTakenAndOneByteMoreRefused() throws MalformedMessage {
        for (List<ByteBuf> cut : Pieces.everyCutOf(FIRST)) {
            assertThat(heads(cut, FIRST.length())).containsExactly(FIRST);
        }
        for (List<ByteBuf> cut : Pieces.everyCutOf(FIRST)) {
            assertThatThrownBy(() -> heads(cut, FIRST.length() - 1))
                    .isInstanceOfSatisfying(
                            MalformedMessage.class,
                            e -> assertThat(e.problem().kind()).isEqualTo(RequestProblem.Kind.HEADERS_TOO_LARGE));
        }
    }

    @Test
    void noMoreThanTheLimitIsEverHeld() throws MalformedMessage {
        HeadReader reader = new HeadReader(100);
        ByteBuf endless = Pieces.buffer("a".repeat(60));
        assertThat(reader.read(endless)).isNull();
        assertThatThrownBy(() -> reader.read(Pieces.buffer("a".repeat(1000)))).isInstanceOf(MalformedMessage.class);
        assertThat(reader.unfinished()).hasSize(60);
    }

    @Test
    void anEmptyLineIsNoStartedHead() throws MalformedMessage {
        HeadReader reader = new HeadReader(100);
        reader.read(Pieces.buffer("\r\n"));
        assertThat(reader.started()).isFalse();
        reader.read(Pieces.buffer("G"));
        assertThat(reader.started()).isTrue();
    }

    private static List<String> heads(List<ByteBuf> pieces, int limit) throws MalformedMessage {
        HeadReader reader = new HeadReader(limit);
        List<String> heads = new ArrayList<>();
        for (ByteBuf piece : pieces) {
            for (byte[] head = reader.read(piece); head != null; head = reader.read(piece)) {
                heads.add(Pieces.text(head));
            }
            assertThat(piece.isReadable()).isFalse();
        }
        return heads;
    }
}
