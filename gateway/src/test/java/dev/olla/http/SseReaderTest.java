package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SseReaderTest {

    private static final String STREAM = "\uFEFF: a comment\n"
            + "data: one\n\n"
            + "event: named\r\ndata:two\r\ndata:  lines\r\n\r\n"
            + "data: tre\u00e4\rdata\r\r"
            + "id: 7\nretry: 10\n\n"
            + "event: empty\n\n"
            + "database: no field of ours\n\n"
            + "data:\n\n"
            + "data: last";

    private static final List<String> EVENTS = List.of("|one", "named|two\n lines", "|tre\u00e4\n", "|", "|last");

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> events(byte[] stream, int firstCut, int secondCut) throws FrameTooLong {
        List<String> events = new ArrayList<>();
        SseReader.Listener listener = (name, data, offset, length) ->
                events.add(name + '|' + new String(data, offset, length, StandardCharsets.UTF_8));
        SseReader reader = new SseReader(1_000);
        reader.read(stream, 0, firstCut, listener);
        reader.read(stream, firstCut, secondCut - firstCut, listener);
        reader.read(stream, secondCut, stream.length - secondCut, listener);
        reader.end(listener);
        return events;
    }

    @Test
    void theStreamMayBeCutAnywhere() throws FrameTooLong {
        byte[] stream = utf8(STREAM);

        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second++) {
                assertThat(events(stream, first, second)).isEqualTo(EVENTS);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"10, true", "11, false"})
    void aLineIsBoundedHoweverItComes(int length, boolean fits) throws FrameTooLong {
        byte[] line = utf8("data:" + "x".repeat(length - 5) + "\n\n");

        for (int step : new int[] {1, 4, line.length}) {
            SseReader reader = new SseReader(10);
            List<Integer> lengths = new ArrayList<>();
            if (fits) {
                feed(reader, line, step, lengths);
                assertThat(lengths).containsExactly(5);
            } else {
                assertThatThrownBy(() -> feed(reader, line, step, lengths))
                        .isInstanceOf(FrameTooLong.class)
                        .hasMessageContaining("10 bytes");
            }
        }
    }

    private static void feed(SseReader reader, byte[] bytes, int step, List<Integer> lengths) throws FrameTooLong {
        for (int at = 0; at < bytes.length; at += step) {
            reader.read(bytes, at, Math.min(step, bytes.length - at), (_, _, _, length) -> lengths.add(length));
        }
    }

    @Test
    void anEventOfManyLinesIsBoundedToo() {
        SseReader reader = new SseReader(10);
        byte[] lines = utf8("data: 1234\ndata: 5678\ndata: 9\n");

        assertThatThrownBy(() -> reader.read(lines, 0, lines.length, (_, _, _, _) -> {}))
                .isInstanceOf(FrameTooLong.class);
    }

    @Test
    void aLineOfAMebibyteIsRead() throws FrameTooLong {
        byte[] stream = utf8("data: " + "y".repeat(LineReader.STANDARD_LIMIT - 6) + "\n\ndata: z\n\n");
        SseReader reader = new SseReader(LineReader.STANDARD_LIMIT);
        List<Integer> lengths = new ArrayList<>();

        feed(reader, stream, 1_000, lengths);

        assertThat(lengths).containsExactly(LineReader.STANDARD_LIMIT - 6, 1);
    }

    @Test
    void linesOfJsonMayBeCutAnywhereAndTheLastNeedsNoEnd() throws FrameTooLong {
        byte[] stream = utf8("{\"a\":1}\n{\"\u00e4\":2}\r\n\n{}");

        for (int cut = 0; cut <= stream.length; cut++) {
            List<String> lines = new ArrayList<>();
            LineReader.Listener listener =
                    (bytes, offset, length) -> lines.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
            LineReader reader = new LineReader(20);
            reader.read(stream, 0, cut, listener);
            reader.read(stream, cut, stream.length - cut, listener);
            reader.end(listener);
            assertThat(lines).containsExactly("{\"a\":1}", "{\"\u00e4\":2}", "", "{}");
        }
    }
}
