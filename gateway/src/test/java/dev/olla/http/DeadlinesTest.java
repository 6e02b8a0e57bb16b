package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.Eventually;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private final EventLoops loops = new EventLoops(1);
    private final Loop loop = loops.next();

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void aFaultOfOneLeavesTheLimitsOfTheOthers() {
        Counted before = new Counted(false);
        Counted faulty = new Counted(true);
        Counted after = new Counted(false);
        loop.execute(() -> {
            loop.deadlines().watch(before);
            loop.deadlines().watch(faulty);
            loop.deadlines().watch(after);
        });
        Eventually.await("three sweeps", () -> faulty.checks.get() >= 3);
        assertThat(before.checks.get()).isGreaterThanOrEqualTo(2);
        assertThat(after.checks.get()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void nothingIsCheckedThatWasUnwatched() throws Exception {
        Counted first = new Counted(false);
        Counted second = new Counted(false);
        loop.eventLoop()
                .submit(() -> {
                    loop.deadlines().watch(first);
                    loop.deadlines().watch(first);
                    loop.deadlines().watch(second);
                    loop.deadlines().unwatch(first);
                    loop.deadlines().unwatch(first);
                })
                .get();
        Eventually.await("two sweeps", () -> second.checks.get() >= 2);
        assertThat(first.checks).hasValue(0);
    }

    private static final class Counted extends Deadlines.Watched {

        private final AtomicInteger checks = new AtomicInteger();
        private final boolean faulty;

        Counted(boolean faulty) {
            this.faulty = faulty;
        }

        @Override
        void checkDeadline(long now) {
            checks.incrementAndGet();
            if (faulty) {
                throw new IllegalStateException("a fault made for this test");
            }
        }
    }
}
