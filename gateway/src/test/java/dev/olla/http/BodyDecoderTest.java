package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyDecoderTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
                "0005\r\nhello\r\n6;a=b\r\n world\r\n00\r\n\r\n",
                "5 \t; a = \"b;c\"\r\nhello\r\n6\r\n world\r\n0;x\r\nTrailer: t\r\nOther:\r\n\r\n",
                "b\r\nhello world\r\n0\r\n\r\n",
                "B\r\nhello world\r\n0\r\n\r\n",
            })
    void chunkedBodiesAreTheSameHoweverTheyAreCut(String wire) throws MalformedMessage {
        for (List<ByteBuf> cut : Pieces.everyCutOf(wire + "next")) {
            assertThat(decoded(new ChunkedDecoder(), cut)).isEqualTo("hello world|next");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n",
                "\r\n",
                ";a\r\n",
                "-1\r\n",
                "+1\r\n",
                "0x5\r\n",
                " 5\r\n",
                "5\nhello",
                "5\rhello",
                "5 hello\r\n",
                "5;a\n",
                "5\r\nhellooo",
                "5\r\nhello\n",
                "5\r\nhello\r0",
                "0\r\n\n",
                "5 \r\nhello",
                "5\t\r\nhello",
                "0 \r\n\r\n",
                "5;a\u0000\r\n",
                "0\r\nT\r\n\r\n",
                "0\r\n: u\r\n\r\n",
                "0\r\nT : u\r\n\r\n",
                "0\r\n T: u\r\n\r\n",
                "0\r\nT: u\u0000\r\n\r\n",
                "0\r\nT: u\r\n folded\r\n\r\n",
                "0\r\nT: u\n",
                "0\r\n\rx",
                "1000000000000000\r\n",
                "ffffffffffffffffffff\r\n",
            })
    void badChunksAreRefusedHoweverTheyAreCut(String wire) {
        for (List<ByteBuf> cut : Pieces.everyCutOf(wire)) {
            assertThatThrownBy(() -> decoded(new ChunkedDecoder(), cut)).isInstanceOf(MalformedMessage.class);
        }
    }

    @Test
    void extensionsAndTrailersAreBounded() {
        assertThatThrownBy(() -> decoded("1;" + "a".repeat(17_000) + "\r\nx\r\n"))
                .isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> decoded("1;aa\r\nx\r\n".repeat(17_000))).isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> decoded("0\r\n" + "A: b\r\n".repeat(5_000))).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void aLongStreamMaySignEveryChunk() throws MalformedMessage {
        String chunk = "64;signature=" + "f".repeat(64) + "\r\n" + "x".repeat(100) + "\r\n";
        assertThat(decoded(chunk.repeat(5_000) + "0\r\n\r\n")).hasSize(500_000 + 1);
    }

    @Test
    void sizedBodiesAreTheSameHoweverTheyAreCut() throws MalformedMessage {
        for (List<ByteBuf> cut : Pieces.everyCutOf("hello worldnext")) {
            assertThat(decoded(new SizedDecoder(11), cut)).isEqualTo("hello world|next");
        }
    }

    @Test
    void aBodyWithoutFramingEndsWithItsConnectionOnly() throws MalformedMessage {
        UntilCloseDecoder decoder = new UntilCloseDecoder();
        assertThat(decoded(decoder, List.of(Pieces.buffer("a"), Pieces.buffer("b"))))
                .isEqualTo("ab|");
        assertThat(decoder.ended()).isFalse();
        assertThat(decoder.endsWithConnection()).isTrue();
    }

    @Test
    void requestsWithoutFramingFieldsHaveNoBody() throws MalformedMessage {
        assertThat(ofRequest(1)).isEqualTo(BodyDecoder.Framing.NONE);
        assertThat(ofRequest(1, "Content-Length", "7").length()).isEqualTo(7);
        assertThat(ofRequest(1, "Transfer-Encoding", "Chunked").chunked()).isTrue();
    }

    @Test
    void doubtfulFramingIsRefused() {
        assertRefused(400, 1, "Content-Length", "1", "Transfer-Encoding", "chunked");
        assertRefused(400, 1, "Content-Length", "1", "Content-Length", "1");
        assertRefused(400, 1, "Content-Length", "1, 1");
        assertRefused(400, 1, "Content-Length", "-1");
        assertRefused(400, 1, "Content-Length", "+1");
        assertRefused(400, 1, "Content-Length", "");
        assertRefused(400, 1, "Content-Length", "1 1");
        assertRefused(400, 1, "Content-Length", "0x1");
        assertRefused(400, 1, "Content-Length", "9".repeat(30));
        assertRefused(400, 1, "Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked");
        assertRefused(400, 1, "Transfer-Encoding", "gzip");
        assertRefused(400, 1, "Transfer-Encoding", "chunked, gzip");
        assertRefused(400, 1, "Transfer-Encoding", "");
        assertRefused(400, 0, "Transfer-Encoding", "chunked");
        assertRefused(501, 1, "Transfer-Encoding", "gzip, chunked");
        assertRefused(501, 1, "Transfer-Encoding", "gzip,CHUNKED");
    }

    @Test
    void someAnswersHaveNoBodyWhateverTheyDeclare() throws MalformedMessage {
        assertThat(ofResponse("HEAD", 200, "Content-Length", "5").length()).isZero();
        assertThat(ofResponse("GET", 204, "Content-Length", "5").length()).isZero();
        assertThat(ofResponse("GET", 304, "Transfer-Encoding", "chunked").chunked())
                .isFalse();
        BodyDecoder.Framing untilClose = ofResponse("GET", 200);
        assertThat(untilClose.length()).isEqualTo(-1);
        assertThat(untilClose.decoder().endsWithConnection()).isTrue();
    }

    private static BodyDecoder.Framing ofRequest(int minorVersion, String... fields) throws MalformedMessage {
        return BodyDecoder.ofRequest(new RequestHead("POST", "/", minorVersion, Headers.of(fields)));
    }

    private static BodyDecoder.Framing ofResponse(String method, int status, String... fields) throws MalformedMessage {
        return BodyDecoder.ofResponse(method, new ResponseHead(status, Headers.of(fields)));
    }

    private static void assertRefused(int status, int minorVersion, String... fields) {
        assertThatThrownBy(() -> ofRequest(minorVersion, fields))
                .isInstanceOfSatisfying(
                        MalformedMessage.class,
                        e -> assertThat(e.problem().kind().status()).isEqualTo(status));
    }

    private static String decoded(String wire) throws MalformedMessage {
        return decoded(new ChunkedDecoder(), List.of(Pieces.buffer(wire)));
    }

    /// What was decoded, a bar, and what was left over.
    private static String decoded(BodyDecoder decoder, List<ByteBuf> pieces) throws MalformedMessage {
        StringBuilder body = new StringBuilder();
        StringBuilder left = new StringBuilder();
        for (ByteBuf in : pieces) {
            for (ByteBuf data = decoder.next(in); data != null; data = decoder.next(in)) {
                body.append(data.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
                data.release();
            }
            left.append(in.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
        }
        return body.append('|').append(left).toString();
    }
}
