package dev.olla.request.send;

import dev.olla.http.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The body of an answer that is kept back while another endpoint is asked: passed on later, or dropped.
///
/// Lives on the event loop of its request.
final class KeptBody implements BodyListener {

    /// More is not read before it is known what becomes of the answer.
    static final int MOST_BYTES = 64 * 1024;

    private final Deque<ByteBuf> pieces = new ArrayDeque<>();
    private long bytes;
    private boolean ended;
    private @Nullable UpstreamFailure broken;

    @Override
    public void onData(ByteBuf data) {
        bytes += data.readableBytes();
        pieces.add(data);
    }

    boolean full() {
        return bytes >= MOST_BYTES;
    }

    @Override
    public void onBatchEnd() {}

    @Override
    public void onEnd() {
        ended = true;
    }

    @Override
    public void onBroken(UpstreamFailure failure) {
        broken = failure;
    }

    /// Hands over what there is, and the end if it has come.
    void passOnTo(BodyListener taker) {
        boolean any = !pieces.isEmpty();
        while (!pieces.isEmpty()) {
            taker.onData(pieces.removeFirst());
        }
        if (any) {
            taker.onBatchEnd();
        }
        if (ended) {
            taker.onEnd();
        } else if (broken != null) {
            taker.onBroken(broken);
        }
    }

    void drop() {
        while (!pieces.isEmpty()) {
            pieces.removeFirst().release();
        }
    }
}
