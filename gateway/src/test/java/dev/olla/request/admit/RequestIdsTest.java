package dev.olla.request.admit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {

    private static final String GENERATED = "[a-z]+-[a-z]+-[0-9a-f]{4}";

    private final RequestIds ids = new RequestIds(new SplittableRandom(3));

    @ParameterizedTest
    @ValueSource(strings = {"a", "my-id_1.2/3:4", "!\"#$%&'()*+,-./~"})
    void aFitIdIsKept(String sent) {
        assertThat(ids.idFor(sent)).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "tab\tbed", "line\r\nX-Evil: 1", "caf\u00e9", "\u0000", "\u007f"})
    void anUnfitIdIsReplaced(String sent) {
        assertThat(ids.idFor(sent)).matches(GENERATED);
    }

    @Test
    void anIdMayHave128Characters() {
        assertThat(ids.idFor("x".repeat(128))).hasSize(128);
        assertThat(ids.idFor("x".repeat(129))).matches(GENERATED);
    }

    @Test
    void withoutOneAnIdIsMade() {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String id = ids.idFor(null);
            assertThat(id).matches(GENERATED);
            made.add(id);
        }
        assertThat(made).hasSizeGreaterThan(990);
    }
}
