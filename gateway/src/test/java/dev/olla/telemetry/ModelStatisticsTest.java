package dev.olla.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.telemetry.DecisionRecord.Tried;
import dev.olla.telemetry.RequestOutcome.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ModelStatisticsTest {

    private Instant now = Instant.parse("2031-02-03T04:05:06Z");
    private final ModelStatistics statistics = new ModelStatistics(() -> now, new SplittableRandom(1));

    @Test
    void everyKindOfEndCountsWhereItBelongs() {
        use("m", "c1", Result.SUCCESS, 100, success("a", 100));
        use("m", "c2", Result.SUCCESS, 300, new Tried("a", 0, "refused", 1), success("b", 300));
        use("m", "c1", Result.BACKEND_ERROR, 50, new Tried("a", 500, "backend_error", 50));
        use("m", "c1", Result.CLIENT_LEFT, 70, new Tried("a", 200, "client_left", 70));
        ModelFigures figures = statistics.models().getFirst();
        assertThat(figures.requests()).isEqualTo(4);
        assertThat(figures.successes()).isEqualTo(2);
        assertThat(figures.failures()).isEqualTo(1);
        assertThat(figures.bytes()).isEqualTo(20);
        assertThat(figures.averageMillis()).isEqualTo(200);
        assertThat(figures.clients()).isEqualTo(2);
        assertThat(figures.hits()).isEqualTo(1);
        assertThat(figures.misses()).isEqualTo(1);
        assertThat(figures.fallbacks()).isZero();
        assertThat(figures.endpoints())
                .containsExactly(
                        new UseFigures("a", 4, 1, 2, 100, now, 2, 0, 0),
                        new UseFigures("b", 1, 1, 0, 300, now, 0, 0, 0));
        assertThat(statistics.endpoints()).isEqualTo(figures.endpoints());
    }

    @Test
    void aFallbackIsNeitherHitNorMiss() {
        statistics.add(
                new ModelUse("m", "c", List.of(success("a", 1)), Result.SUCCESS, 1, 1, true, AnswerFigures.NONE));
        ModelFigures figures = statistics.models().getFirst();
        assertThat(List.of(figures.hits(), figures.misses(), figures.fallbacks()))
                .containsExactly(0L, 0L, 1L);
    }

    @Test
    void percentilesComeFromASampleOfAHundred() {
        for (int i = 0; i < 100; i++) {
            use("m", "c", Result.SUCCESS, i, success("a", i));
        }
        assertThat(statistics.models().getFirst().p95Millis()).isEqualTo(95);
        assertThat(statistics.models().getFirst().p99Millis()).isEqualTo(99);
        for (int i = 0; i < 20_000; i++) {
            use("m", "c", Result.SUCCESS, 1000, success("a", 1000));
        }
        assertThat(statistics.models().getFirst().p95Millis()).isEqualTo(1000);
    }

    @Test
    void oneSampleIsEveryPercentile() {
        use("m", "c", Result.SUCCESS, 7, success("a", 7));
        assertThat(statistics.models().getFirst().p95Millis()).isEqualTo(7);
        assertThat(statistics.models().getFirst().p99Millis()).isEqualTo(7);
    }

    @Test
    void clientsAreCountedOnceEach() {
        for (int i = 0; i < 1000; i++) {
            use("m", "10.0." + i / 250 + "." + i % 250, Result.SUCCESS, 1, success("a", 1));
            use("m", "10.0.0.1", Result.SUCCESS, 1, success("a", 1));
        }
        assertThat(statistics.models().getFirst().clients()).isBetween(930L, 1070L);
    }

    @Test
    void modelsThatNobodyAsksForAreForgotten() {
        use("old", "c", Result.SUCCESS, 1, success("a", 1));
        now = now.plus(Duration.ofHours(5));
        use("new", "c", Result.SUCCESS, 1, success("a", 1));
        assertThat(names()).containsExactly("new", "old");
        now = now.plus(Duration.ofHours(2));
        assertThat(names()).containsExactly("new");
    }

    @Test
    void noMoreThanFiftyModelsAreShownWhateverClientsAskFor() {
        for (int i = 0; i < 1000; i++) {
            now = now.plusSeconds(1);
            use("model-" + i, "c", Result.SUCCESS, 1, success("a", 1));
        }
        assertThat(names()).hasSize(50).contains("model-999", "model-950").doesNotContain("model-949");
    }

    @Test
    void theMostWantedComesFirst() {
        use("b", "c", Result.SUCCESS, 1, success("a", 1));
        use("a", "c", Result.SUCCESS, 1, success("a", 1));
        use("z", "c", Result.SUCCESS, 1, success("a", 1));
        use("z", "c", Result.SUCCESS, 1, success("a", 1));
        assertThat(names()).containsExactly("z", "a", "b");
    }

    private List<String> names() {
        return statistics.models().stream().map(ModelFigures::model).toList();
    }

    private void use(String model, String client, Result result, long millis, Tried... attempts) {
        statistics.add(new ModelUse(model, client, List.of(attempts), result, 10, millis, false, AnswerFigures.NONE));
    }

    private static Tried success(String endpoint, long millis) {
        return new Tried(endpoint, 200, "success", millis);
    }
}
