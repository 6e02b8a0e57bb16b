package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StopSignalsTest {

    /// A program that reports the first signal and then takes for ever to stop.
    static final class SlowToStop {
        public static void main(String[] arguments) throws InterruptedException {
            StopSignals signals = StopSignals.install();
            System.out.println("running");
            System.out.println(signals.await());
            new CountDownLatch(1).await();
        }
    }

    @Test
    void theFirstSignalAsksAndTheSecondEndsAtOnce() throws IOException, InterruptedException {
        Process process = MainTest.java(SlowToStop.class).start();
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("running");
            process.toHandle().destroy();
            assertThat(out.readLine()).isEqualTo("SIGTERM");
            assertThat(process.isAlive()).isTrue();
            process.toHandle().destroy();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aStopWithoutASignalHasNoName() throws InterruptedException {
        StopSignals signals = StopSignals.install();
        signals.askWithoutSignal();
        assertThat(signals.await()).isNull();
    }
}
