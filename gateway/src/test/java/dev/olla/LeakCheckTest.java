package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeakCheckTest {

    @Test
    void findsABufferThatNobodyReleased() throws InterruptedException {
        assertThat(LeakCheck.find()).isEmpty();
        leak();
        assertThat(LeakCheck.find()).anyMatch(report -> report.contains("LEAK"));
        assertThat(LeakCheck.find()).isEmpty();
    }

    private static void leak() {
        ByteBufAllocator.DEFAULT.directBuffer(100).writeByte(1);
    }
}
