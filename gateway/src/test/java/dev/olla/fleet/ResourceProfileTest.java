package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResourceProfileTest {

    private static final ResourceProfile PROFILE = new ResourceProfile(
            List.of(size("70b", 40), size("7b", 6)),
            Map.of("q4", 0.5, "q4_k", 0.25),
            new ModelNeeds(4, 8, 4, Duration.ofSeconds(5)),
            false,
            List.of(),
            TimeoutScaling.NONE);

    private static ModelSize size(String token, double memory) {
        return new ModelSize(List.of(token), new ModelNeeds(memory, memory, memory, Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @CsvSource({
        "x-7b-y, 6",
        "7B, 6",
        "model.7b.gguf, 6",
        "llama-70b, 40",
        "x-1.7b, 4",
        "x-17b, 4",
        "8x7b, 4",
        "7billion, 4",
        "1.7b-draft-for-7b, 6",
        "llama:7b-q4_0, 3",
        "llama:7b-Q4_K_M, 1.5",
    })
    void onlyAWholeTokenTellsTheSize(String model, double memory) {
        assertThat(PROFILE.needs(model).minMemoryGb()).isEqualTo(memory);
    }

    @Test
    void theLimitIsThatOfTheLargestSizeReachedInWhateverOrderTheRowsAre() {
        List<ConcurrencyLimit> rows =
                List.of(new ConcurrencyLimit(8, 4), new ConcurrencyLimit(30, 1), new ConcurrencyLimit(15, 2));
        assertThat(ConcurrencyLimit.of(rows, 20)).isEqualTo(rows.get(2));
        assertThat(ConcurrencyLimit.of(rows, 30)).isEqualTo(rows.get(1));
        assertThat(ConcurrencyLimit.of(rows, 7.9)).isNull();
    }
}
