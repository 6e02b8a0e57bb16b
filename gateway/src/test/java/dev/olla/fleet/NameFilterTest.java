package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NameFilterTest {

    @Test
    void admitsEverythingWithoutPatterns() {
        assertThat(NameFilter.ALL.admits("anything/at:all")).isTrue();
    }

    @Test
    void takesStarsAndQuestionMarksAnywhereAndIgnoresCase() {
        assertThat(NameFilter.matches("qwen*coder*", "Qwen2.5-Coder-7B")).isTrue();
        assertThat(NameFilter.matches("*:7b", "llama:7b")).isTrue();
        assertThat(NameFilter.matches("*:7b", "llama:17b")).isFalse();
        assertThat(NameFilter.matches("m?del", "MODEL")).isTrue();
        assertThat(NameFilter.matches("m?del", "mdel")).isFalse();
        assertThat(NameFilter.matches("**", "")).isTrue();
        assertThat(NameFilter.matches("a*b*c", "a-b-b-c")).isTrue();
        assertThat(NameFilter.matches("llama", "llama3")).isFalse();
    }

    @Test
    void letsAnExclusionWin() {
        NameFilter filter = new NameFilter(List.of("qwen*"), List.of("*embed*"));
        assertThat(filter.admits("qwen3:8b")).isTrue();
        assertThat(filter.admits("qwen3-embedding")).isFalse();
        assertThat(filter.admits("llama3")).isFalse();
    }

    @Test
    void doesNotSlowDownOnManyStars() {
        String name = "a".repeat(5_000) + "b";
        assertThat(NameFilter.matches("*a*a*a*a*a*a*a*a*c", name)).isFalse();
    }
}
