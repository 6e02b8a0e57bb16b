package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeadWriterTest {

    private final HeadWriter writer = new HeadWriter();

    @Test
    void aHeadLeavesAsItCame() {
        writer.statusLine(200).field("A", "b").fields(Headers.of("C", "\u00e4", "C", ""));
        assertThat(moved()).isEqualTo("HTTP/1.1 200 OK\r\nA: b\r\nC: \u00e4\r\nC: \r\n\r\n");
        writer.requestLine("POST", "/a?b").field("Host", "x");
        assertThat(moved()).isEqualTo("POST /a?b HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    @Test
    void everyStatusHasAStatusLine() {
        writer.statusLine(404);
        assertThat(moved()).isEqualTo("HTTP/1.1 404 Not Found\r\n\r\n");
        writer.statusLine(599);
        assertThat(moved()).startsWith("HTTP/1.1 599 ");
    }

    @Test
    void aHeadThatWasGivenUpLeavesNothingBehind() {
        writer.statusLine(200).field("Secret", "of another client");
        writer.statusLine(404).field("A", "b");
        assertThat(moved()).isEqualTo("HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n");
        writer.statusLine(200).field("Secret", "of another client");
        writer.requestLine("GET", "/");
        assertThat(moved()).isEqualTo("GET / HTTP/1.1\r\n\r\n");
    }

    @Test
    void largeHeadsAreWrittenWhole() {
        String value = "v".repeat(200_000);
        writer.statusLine(200).field("A", value);
        assertThat(moved()).isEqualTo("HTTP/1.1 200 OK\r\nA: " + value + "\r\n\r\n");
        writer.statusLine(200);
        assertThat(moved()).isEqualTo("HTTP/1.1 200 OK\r\n\r\n");
    }

    private String moved() {
        ByteBuf out = Unpooled.buffer();
        writer.moveTo(out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
