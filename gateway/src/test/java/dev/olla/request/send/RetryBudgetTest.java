package dev.olla.request.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    private long now = Duration.ofHours(5).toNanos();
    private final RetryBudget budget = new RetryBudget(() -> now);

    @Test
    void aShareOfTheRequestsMayBeSentAgain() {
        request(100);
        assertThat(taken(20, 0)).isEqualTo(20);
        request(10);
        assertThat(taken(20, 0)).isEqualTo(2);
    }

    @Test
    void soManyPerSecondMayInAnyCase() {
        request(1);
        assertThat(taken(20, 3)).isEqualTo(30);
        assertThat(taken(100, 3)).as("the larger of both counts, not their sum").isZero();
    }

    @Test
    void withoutShareAndFloorNothingMay() {
        request(1000);
        assertThat(taken(0, 0)).isZero();
    }

    @Test
    void whatIsOlderThanTenSecondsIsForgotten() {
        request(100);
        assertThat(taken(20, 0)).isEqualTo(20);
        passes(9);
        assertThat(taken(20, 0)).isZero();
        request(50);
        assertThat(taken(20, 0)).isEqualTo(10);
        passes(1);
        assertThat(taken(20, 0)).as("50 requests and 10 retries are left").isZero();
        passes(9);
        assertThat(taken(20, 1)).as("only the floor is left").isEqualTo(10);
        passes(100_000);
        request(10);
        assertThat(taken(50, 0)).isEqualTo(5);
    }

    @Test
    void whatWasTakenForNothingCanBeGivenBack() {
        request(5);
        assertThat(budget.take(20, 0)).isTrue();
        assertThat(budget.take(20, 0)).isFalse();
        budget.giveBack();
        assertThat(budget.take(20, 0)).isTrue();
        passes(20);
        budget.giveBack();
        request(5);
        assertThat(taken(20, 0)).isEqualTo(1);
    }

    private void request(int times) {
        for (int i = 0; i < times; i++) {
            budget.requested();
        }
    }

    private int taken(int percent, int minPerSecond) {
        int count = 0;
        while (budget.take(percent, minPerSecond)) {
            count++;
        }
        return count;
    }

    private void passes(long seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }
}
