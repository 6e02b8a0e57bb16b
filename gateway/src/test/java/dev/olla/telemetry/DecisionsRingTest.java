package dev.olla.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DecisionsRingTest {

    @Test
    void theYoungestAreKept() {
        Decisions decisions = new Decisions(3);
        IntStream.range(0, 5).forEach(i -> decisions.add(entry(i, 1)));
        assertThat(ids(decisions)).containsExactly("4", "3", "2");
        assertThat(decisions.find("1")).isNull();
    }

    @Test
    void sixteenMegabytesAreTheMost() {
        Decisions decisions = new Decisions(100);
        IntStream.range(0, 50).forEach(i -> decisions.add(entry(i, 4 * 1024 * 1024)));
        assertThat(ids(decisions)).containsExactly("49", "48", "47", "46");
        decisions.add(entry(50, 20 * 1024 * 1024));
        assertThat(ids(decisions)).containsExactly("50");
        decisions.add(entry(51, 1));
        assertThat(ids(decisions)).containsExactly("51");
    }

    @Test
    void anotherSizeKeepsTheYoungest() {
        Decisions decisions = new Decisions(4);
        IntStream.range(0, 4).forEach(i -> decisions.add(entry(i, 1)));
        assertThat(ids(decisions.resized(2))).containsExactly("3", "2");
        assertThat(ids(decisions.resized(9))).containsExactly("3", "2", "1", "0");
        assertThat(decisions.resized(4)).isSameAs(decisions);
        assertThat(ids(decisions.resized(0))).isEmpty();
    }

    private static List<String> ids(Decisions decisions) {
        return decisions.newest(100, _ -> true).stream()
                .map(Decisions.Entry::id)
                .toList();
    }

    private static Decisions.Entry entry(int id, int weight) {
        return new Decisions.Entry(String.valueOf(id), null, null, "success", weight, () -> {
            throw new AssertionError("nobody reads it");
        });
    }
}
