package dev.olla.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadParserTest {

    @Test
    void aRequestKeepsItsPartsAsSent() throws MalformedMessage {
        RequestHead head = request(
                "pOsT /a%2Fb?q=%20&r HTTP/1.1\r\nHost: x\r\nx-Odd:  two words \t\r\nEmpty:\r\nBytes: \u00e4\r\n\r\n");
        assertThat(head.method()).isEqualTo("pOsT");
        assertThat(head.target()).isEqualTo("/a%2Fb?q=%20&r");
        assertThat(head.path()).isEqualTo("/a%2Fb");
        assertThat(head.query()).isEqualTo("q=%20&r");
        assertThat(head.minorVersion()).isEqualTo(1);
        assertThat(head.headers().name(1)).isEqualTo("x-Odd");
        assertThat(head.headers().value(1)).isEqualTo("two words");
        assertThat(head.headers().first("empty")).isEmpty();
        assertThat(head.headers().first("bytes")).isEqualTo("\u00e4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            nullValues = "-",
            value = {
                "/ /",
                "/a#b /a",
                "http://host/a?b /a?b",
                "http://host /",
                "http://host:80?x=/y /?x=/y",
                "HTTPS://u@[::1]:1/a#f /a",
                "/a//b/../c /a//b/../c",
                "/\u00e4?\u00ff /%E4?%FF",
            })
    void targetsTakeTheOriginForm(String sent, String taken) throws MalformedMessage {
        assertThat(request("GET " + sent + " HTTP/1.1\r\n\r\n").target()).isEqualTo(taken);
    }

    @Test
    void theAsteriskIsForOptionsOnly() throws MalformedMessage {
        assertThat(request("OPTIONS * HTTP/1.1\r\n\r\n").target()).isEqualTo("*");
        assertMalformed("GET * HTTP/1.1\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\r\n\r\n",
                "GET /\r\n\r\n",
                "GET / \r\n\r\n",
                "GET / HTTP\r\n\r\n",
                "GET / HTTP/\r\n\r\n",
                "GET / HTTP/1\r\n\r\n",
                "GET / HTTP/1.\r\n\r\n",
                "GET / HTTP/1.1 \r\n\r\n",
                "GET / HTTP/1.10\r\n\r\n",
                "GET / http/1.1\r\n\r\n",
                "GET  / HTTP/1.1\r\n\r\n",
                "GET /  HTTP/1.1\r\n\r\n",
                "GET\t/ HTTP/1.1\r\n\r\n",
                "GET /a b HTTP/1.1\r\n\r\n",
                "GET /\0 HTTP/1.1\r\n\r\n",
                "GET a HTTP/1.1\r\n\r\n",
                "GET ://a/ HTTP/1.1\r\n\r\n",
                "CONNECT a:443 HTTP/1.1\r\n\r\n",
                " GET / HTTP/1.1\r\n\r\n",
                "G@T / HTTP/1.1\r\n\r\n",
                "METHODMETHODMETHODMETHODMETHODMETHOD / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\n X: folded first\r\n\r\n",
                "GET / HTTP/1.1\r\nX: y\r\n folded\r\n\r\n",
                "GET / HTTP/1.1\r\nX: y\r\n\tfolded\r\n\r\n",
                "GET / HTTP/1.1\r\nX : y\r\n\r\n",
                "GET / HTTP/1.1\r\nX\r\n\r\n",
                "GET / HTTP/1.1\r\n: y\r\n\r\n",
                "GET / HTTP/1.1\r\nX: a\0b\r\n\r\n",
                "GET / HTTP/1.1\r\nX: a\rb\r\n\r\n",
                "GET / HTTP/1.1\r\nX: a\u007fb\r\n\r\n",
                "GET / HTTP/1.1\r\n\rX: a\r\n\r\n",
                "GET / HTTP/1.1\r\nX\u00e4: a\r\n\r\n",
            })
    void whatOthersCouldReadDifferentlyIsRefused(String head) {
        assertMalformed(head, 400);
    }

    @Test
    void otherVersionsAre505() {
        assertMalformed("PRI * HTTP/2.0\r\n\r\n", 505);
        assertMalformed("GET / HTTP/2.0\r\n\r\n", 505);
        assertMalformed("GET / HTTP/0.9\r\n\r\n", 505);
    }

    @Test
    void minorVersionsAboveOneAreTakenAsOne() throws MalformedMessage {
        assertThat(request("GET / HTTP/1.0\r\n\r\n").minorVersion()).isZero();
        assertThat(request("GET / HTTP/1.9\r\n\r\n").minorVersion()).isEqualTo(1);
    }

    @Test
    void tooManyFieldsAre431() throws MalformedMessage {
        assertThat(request("GET / HTTP/1.1\r\n" + "a:b\r\n".repeat(1000) + "\r\n")
                        .headers()
                        .size())
                .isEqualTo(1000);
        assertMalformed("GET / HTTP/1.1\r\n" + "a:b\r\n".repeat(1001) + "\r\n", 431);
    }

    @Test
    void anAnswerMayLackItsReason() throws MalformedMessage {
        assertThat(response("HTTP/1.1 200 OK\r\nA: b\r\n\r\n").head().status()).isEqualTo(200);
        assertThat(response("HTTP/1.0 404\r\n\r\n").minorVersion()).isZero();
        assertThat(response("HTTP/1.1 503 \r\n\r\n").head().status()).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2000\r\n\r\n",
                "HTTP/1.1 099 low\r\n\r\n",
                "HTTP/1.1\r\n\r\n",
                "HTTP/1.1 \r\n\r\n",
                "ICY 200 OK\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 200 a\rb\r\n\r\n",
                "{}\r\n\r\n",
            })
    void badStatusLinesAreRefused(String head) {
        assertThatThrownBy(() -> response(head)).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void noHeadWhateverItHoldsBringsMoreThanARefusal() {
        Random random = new Random(7);
        byte[] alphabet = Pieces.bytes("GET /HTP1.0:* aX\r\t\0\u00e4#?");
        for (int round = 0; round < 50_000; round++) {
            byte[] head = new byte[random.nextInt(40)];
            for (int i = 0; i < head.length; i++) {
                head[i] = alphabet[random.nextInt(alphabet.length)];
            }
            parseEitherWay(Pieces.bytes(Pieces.text(head) + "\r\n\r\n"));
        }
    }

    private static void parseEitherWay(byte[] head) {
        HeadParser.requestLine(head);
        try {
            HeadParser.request(head);
        } catch (MalformedMessage _) {
            // the one way to fail
        }
        try {
            HeadParser.response(head);
        } catch (MalformedMessage _) {
            // the one way to fail
        }
    }

    @Test
    void theRequestLineOfARefusedHeadIsFoundWhereItCanBeRead() {
        RequestHead found =
                requireNonNull(HeadParser.requestLine(Pieces.bytes("HEAD /olla/x?y HTTP/9.1\r\nbad header\r")));
        assertThat(found.method()).isEqualTo("HEAD");
        assertThat(found.target()).isEqualTo("/olla/x?y");
        assertThat(HeadParser.requestLine(Pieces.bytes("GET /olla/x"))).isNull();
        assertThat(HeadParser.requestLine(new byte[0])).isNull();
    }

    private static RequestHead request(String head) throws MalformedMessage {
        return HeadParser.request(Pieces.bytes(head));
    }

    private static HeadParser.ParsedResponse response(String head) throws MalformedMessage {
        return HeadParser.response(Pieces.bytes(head));
    }

    private static void assertMalformed(String head, int status) {
        assertThatThrownBy(() -> request(head))
                .isInstanceOfSatisfying(
                        MalformedMessage.class,
                        e -> assertThat(e.problem().kind().status()).isEqualTo(status));
    }
}
