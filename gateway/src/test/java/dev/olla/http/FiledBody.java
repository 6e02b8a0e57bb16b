package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Bodies that memory has no room for.
final class FiledBody {

    private FiledBody() {}

    /// A body filled as a connection fills it.
    static Body filled(Loop loop, BodyMemory memory, byte[] bytes) throws InterruptedException {
        Body body = Body.in(memory);
        CountDownLatch done = new CountDownLatch(1);
        List<IOException> failures = new ArrayList<>();
        loop.execute(() -> fill(loop, body, memory, bytes, new BodySpill.Listener() {
            @Override
            public void caughtUp() {
                done.countDown();
            }

            @Override
            public void spillFailed(IOException cause) {
                failures.add(cause);
                done.countDown();
            }
        }));
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(failures).isEmpty();
        return body;
    }

    private static void fill(Loop loop, Body body, BodyMemory memory, byte[] bytes, BodySpill.Listener listener) {
        BodySpill spill = null;
        for (int at = 0; at < bytes.length; at += 7000) {
            ByteBuf piece = Unpooled.copiedBuffer(bytes, at, Math.min(7000, bytes.length - at));
            if (spill == null && body.takeMemory(piece.readableBytes())) {
                body.append(UnpooledByteBufAllocator.DEFAULT, piece);
                continue;
            }
            if (spill == null) {
                spill = new BodySpill(body, memory.file(), loop, listener);
            }
            spill.add(piece);
        }
    }
}
