package dev.olla.request.admit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private final FakeClock clock = new FakeClock();

    private TokenBucket bucket(int perMinute, int capacity) {
        return new TokenBucket(perMinute, capacity, clock::nanoTime);
    }

    private static int taken(TokenBucket bucket) {
        int taken = 0;
        while (bucket.take()) {
            taken++;
        }
        return taken;
    }

    @Test
    void aClientThatSendsEvenlyIsNeverRefused() {
        TokenBucket bucket = bucket(60, 10);
        for (int i = 0; i < 10_000; i++) {
            assertThat(bucket.take()).isTrue();
            clock.pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void aRateThatDoesNotDivideAMinuteIsMetExactly() {
        TokenBucket bucket = bucket(7, 1);
        for (int i = 0; i < 1000; i++) {
            assertThat(bucket.take()).isTrue();
            clock.pass(Duration.ofNanos(60_000_000_000L / 7));
        }
    }

    @Test
    void aBurstOfElevenGetsOneRefusalWhoseWaitIsTrue() {
        TokenBucket bucket = bucket(60, 10);
        assertThat(bucket.available()).isEqualTo(10);
        assertThat(taken(bucket)).isEqualTo(10);
        assertThat(bucket.available()).isZero();
        assertThat(bucket.nanosToNext()).isEqualTo(1_000_000_000L);
        clock.pass(Duration.ofNanos(999_999_999));
        assertThat(bucket.take()).isFalse();
        clock.pass(Duration.ofNanos(1));
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isFalse();
    }

    @Test
    void aRestFillsTheBucketAndNoMore() {
        TokenBucket bucket = bucket(60, 10);
        taken(bucket);
        assertThat(bucket.nanosToFull()).isEqualTo(Duration.ofSeconds(10).toNanos());
        clock.pass(Duration.ofDays(365));
        assertThat(bucket.nanosToFull()).isZero();
        assertThat(taken(bucket)).isEqualTo(10);
    }

    @Test
    void aTokenGivenBackCanBeTakenAgain() {
        TokenBucket bucket = bucket(1, 1);
        assertThat(bucket.take()).isTrue();
        bucket.giveBack();
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isFalse();
    }

    @Test
    void aTokenGivenBackLateDoesNotOverfillTheBucket() {
        TokenBucket bucket = bucket(60, 2);
        assertThat(bucket.take()).isTrue();
        clock.pass(Duration.ofMinutes(1));
        bucket.giveBack();
        assertThat(taken(bucket)).isEqualTo(2);
    }

    @Test
    void aBucketWithoutRoomRefusesEverything() {
        TokenBucket bucket = bucket(60, 0);
        clock.pass(Duration.ofHours(1));
        assertThat(bucket.take()).isFalse();
        assertThat(bucket.available()).isZero();
        assertThat(bucket.nanosToNext()).isPositive();
    }

    @Test
    void theLargestNumbersDoNotOverflow() {
        assertThat(taken(bucket(1, Integer.MAX_VALUE), 1000)).isEqualTo(1000);
        assertThat(taken(bucket(Integer.MAX_VALUE, Integer.MAX_VALUE), 1000)).isEqualTo(1000);
    }

    private static int taken(TokenBucket bucket, int wanted) {
        int taken = 0;
        while (taken < wanted && bucket.take()) {
            taken++;
        }
        return taken;
    }

    @Test
    void manyThreadsTakeNoTokenTwice() throws InterruptedException {
        TokenBucket bucket = bucket(60, 1000);
        AtomicInteger taken = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(8);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                threads.execute(() -> {
                    taken.addAndGet(taken(bucket));
                    done.countDown();
                });
            }
            done.await();
        }
        assertThat(taken).hasValue(1000);
    }
}
