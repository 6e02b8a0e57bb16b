package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdleConnectionsTest {

    private static final Origin ORIGIN = new Origin(false, "127.0.0.1", 1);

    private final EventLoops loops = new EventLoops(1);
    private final UpstreamClient client = new UpstreamClient(loops, UpstreamTls.platform());
    private final Loop loop = new Loop(new EmbeddedChannel().eventLoop());
    private final AtomicInteger inAllLoops = new AtomicInteger();
    private final IdleConnections idle = new IdleConnections(loop.deadlines(), inAllLoops);
    private final List<EmbeddedChannel> channels = new ArrayList<>();

    @AfterEach
    void close() {
        client.close();
        loops.close();
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void theConnectionUsedLastIsTakenFirst() {
        assertThat(idle.take()).isNull();
        UpstreamConnection first = connection();
        UpstreamConnection second = connection();
        idle.put(first);
        idle.put(second);
        assertThat(inAllLoops).hasValue(2);
        assertThat(idle.take()).isSameAs(second);
        assertThat(idle.take()).isSameAs(first);
        assertThat(inAllLoops).hasValue(0);
    }

    @Test
    void noneIsKeptForLongerThanNinetySeconds() {
        idle.put(connection());
        idle.checkDeadline(TimeUnit.SECONDS.toNanos(90));
        assertThat(inAllLoops).hasValue(1);
        idle.checkDeadline(TimeUnit.SECONDS.toNanos(90) + 1);
        assertThat(inAllLoops).hasValue(0);
        assertThat(channels.getFirst().isOpen()).isFalse();
        assertThat(idle.take()).isNull();
    }

    @Test
    void aBurstIsKeptForASecondAndTwentyFiveOfItForLonger() {
        for (int i = 0; i < 40; i++) {
            idle.put(connection());
        }
        idle.checkDeadline(TimeUnit.SECONDS.toNanos(1));
        assertThat(inAllLoops).hasValue(40);
        idle.checkDeadline(TimeUnit.SECONDS.toNanos(1) + 1);
        assertThat(inAllLoops).hasValue(25);
        assertThat(channels.stream().filter(EmbeddedChannel::isOpen)).hasSize(25);
    }

    @Test
    void theBoundCountsAllLoops() {
        inAllLoops.set(25);
        idle.put(connection());
        idle.checkDeadline(TimeUnit.SECONDS.toNanos(2));
        assertThat(inAllLoops).hasValue(25);
        assertThat(idle.take()).isNull();
    }

    @Test
    void aConnectionClosedByItsServerIsForgottenOnce() {
        UpstreamConnection connection = connection();
        idle.put(connection);
        idle.remove(connection);
        idle.remove(connection);
        assertThat(inAllLoops).hasValue(0);
        assertThat(idle.take()).isNull();
    }

    @Test
    void allCanBeClosed() {
        idle.put(connection());
        idle.put(connection());
        idle.closeAll();
        assertThat(inAllLoops).hasValue(0);
        assertThat(channels).noneMatch(EmbeddedChannel::isOpen);
    }

    private UpstreamConnection connection() {
        UpstreamConnection connection = new UpstreamConnection(client, loop, ORIGIN);
        channels.add(new EmbeddedChannel(connection));
        return connection;
    }
}
