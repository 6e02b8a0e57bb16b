package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ResidencyTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicLong now = new AtomicLong(1_000_000 * SECOND);
    private final Residency residency = new Residency(now::get);

    @Test
    void whereNothingIsKnownEverythingCountsAsLoaded() {
        assertThat(residency.loaded("m")).isTrue();
        assertThat(residency.use("m", 7 * SECOND)).isEqualTo(Residency.Standing.LOADED);
        assertThat(residency.nanosToLoad("m", 5 * SECOND)).isZero();
    }

    @Test
    void oneThatIsAskedForIsBeingLoadedAtOnceAndIsLoadedWithItsAnswer() {
        residency.seen(List.of(), _ -> 7 * SECOND);
        assertThat(residency.nanosToLoad("m", 5 * SECOND)).isEqualTo(5 * SECOND);
        assertThat(residency.use("m:latest", 7 * SECOND)).isEqualTo(Residency.Standing.ABSENT);
        now.addAndGet(2 * SECOND);
        assertThat(residency.loaded("m")).isFalse();
        assertThat(residency.nanosToLoad("M", 5 * SECOND)).isEqualTo(3 * SECOND);
        residency.seen(List.of(), _ -> 7 * SECOND);
        assertThat(residency.nanosToLoad("m", 5 * SECOND))
                .as("the server doesn't list it before it is loaded")
                .isEqualTo(3 * SECOND);
        assertThat(residency.answered("m", 4 * SECOND)).as("a cold load").isTrue();
        assertThat(residency.loaded("m")).isTrue();
        assertThat(residency.measuredLoadNanos("m")).isEqualTo(4 * SECOND);
        assertThat(residency.answered("m", SECOND / 10)).as("a warm answer").isFalse();
    }

    @Test
    void aLoadThatFailsIsForgotten() {
        residency.seen(List.of(), _ -> 7 * SECOND);
        residency.use("m", 7 * SECOND);
        residency.left("m", false);
        assertThat(residency.nanosToLoad("m", SECOND)).isEqualTo(SECOND);
    }

    @Test
    void aLoadGoesOnWhileAnyoneWaitsForIt() {
        residency.seen(List.of(), _ -> 7 * SECOND);
        residency.use("m", 7 * SECOND);
        assertThat(residency.use("m", 7 * SECOND)).isEqualTo(Residency.Standing.LOADING);
        residency.left("m", false);
        assertThat(residency.standing("m")).isEqualTo(Residency.Standing.LOADING);
        residency.left("m", false);
        assertThat(residency.standing("m")).isEqualTo(Residency.Standing.ABSENT);
    }

    @Test
    void oneThatWasExpectedAndNeverSentIsForgotten() {
        residency.seen(List.of(), _ -> 7 * SECOND);
        residency.expect("m", 7 * SECOND);
        assertThat(residency.standing("m")).isEqualTo(Residency.Standing.LOADING);
        residency.forgo("m");
        assertThat(residency.standing("m")).isEqualTo(Residency.Standing.ABSENT);
        residency.expect("m", 7 * SECOND);
        assertThat(residency.use("m", 7 * SECOND)).as("who loads it").isEqualTo(Residency.Standing.ABSENT);
        residency.forgo("m");
        assertThat(residency.standing("m")).isEqualTo(Residency.Standing.LOADING);
    }

    @Test
    void whatAServerSaidBeforeSomethingWasSentThereIsOutOfDate() {
        residency.seen(List.of("a"), _ -> 7 * SECOND);
        long asked = residency.moves();
        residency.use("b", 7 * SECOND);
        residency.answered("b", SECOND);
        residency.seen(new Residency.Report(List.of("a"), asked, true), _ -> 7 * SECOND);
        assertThat(residency.standing("a")).isEqualTo(Residency.Standing.ABSENT);
        assertThat(residency.standing("b")).isEqualTo(Residency.Standing.LOADED);
    }

    @Test
    void aServerThatNamesModelsWhichItIsOnlyLoadingDoesNotEndTheLoad() {
        residency.seen(List.of(), _ -> 7 * SECOND);
        residency.use("m", 7 * SECOND);
        residency.seen(new Residency.Report(List.of("m"), residency.moves(), true), _ -> 7 * SECOND);
        assertThat(residency.standing("m")).isEqualTo(Residency.Standing.LOADING);
        residency.answering("m");
        assertThat(residency.standing("m")).as("an answer begins").isEqualTo(Residency.Standing.LOADED);
    }

    @Test
    void aServerThatNamesLoadedModelsOnlyEndsTheLoad() {
        residency.seen(List.of(), _ -> 7 * SECOND);
        residency.use("m", 7 * SECOND);
        residency.seen(new Residency.Report(List.of("m"), residency.moves(), false), _ -> 7 * SECOND);
        assertThat(residency.standing("m")).isEqualTo(Residency.Standing.LOADED);
    }

    @Test
    void oneThatIsInUseStaysLongerThanOneThatWasUsedLater() {
        residency.seen(List.of("a", "b"), _ -> 7 * SECOND);
        residency.use("a", 7 * SECOND);
        now.addAndGet(SECOND);
        residency.use("b", 7 * SECOND);
        residency.left("b", true);
        assertThat(residency.victimOf("c", Duration.ofSeconds(60))).isEqualTo("b");
    }

    @Test
    void theLeastRecentIsPushedOutOnceNoMoreFit() {
        residency.seen(List.of("a", "b"), _ -> 7 * SECOND);
        residency.use("a", 7 * SECOND);
        now.addAndGet(SECOND);
        residency.use("b", 7 * SECOND);
        assertThat(residency.victimOf("c", Duration.ofSeconds(60))).isEqualTo("a");
        assertThat(residency.victimOf("a", Duration.ofSeconds(60))).isNull();
        now.addAndGet(120 * SECOND);
        assertThat(residency.victimOf("c", Duration.ofSeconds(60)))
                .as("nobody uses it")
                .isNull();
        residency.use("c", 7 * SECOND);
        assertThat(residency.loaded("a")).isFalse();
        assertThat(residency.loaded("b")).isTrue();
    }

    @Test
    void whatFitsTogetherIsLearnedFromWhatWasSeenTogether() {
        residency.seen(List.of("a", "b"), _ -> 7 * SECOND);
        residency.seen(List.of("a"), _ -> 7 * SECOND);
        residency.use("a", 7 * SECOND);
        assertThat(residency.victimOf("b", Duration.ofSeconds(60))).isNull();
    }
}
