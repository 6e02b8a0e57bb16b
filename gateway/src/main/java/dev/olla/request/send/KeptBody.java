package dev.olla.request.send;

import dev.olla.http.Headers;
import dev.olla.http.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The body of an answer that is kept back while another endpoint is asked: passed on later, or dropped.
///
/// Lives on the event loop of its request.
final class KeptBody implements BodyListener {

    /// More is not read before it is known what becomes of the answer.
    static final int MOST_BYTES = 64 * 1024;

    private final @Nullable Consumer<byte[]> known;
    private final Deque<ByteBuf> pieces = new ArrayDeque<>();
    private long bytes;
    private boolean ended;
    private @Nullable Headers trailers;
    private @Nullable UpstreamFailure broken;

    KeptBody() {
        this(null);
    }

    /// @param known gets the body once, when it is over or there is no more room for it; null where nobody waits
    KeptBody(@Nullable Consumer<byte[]> known) {
        this.known = known;
    }

    @Override
    public void onData(ByteBuf data) {
        boolean wasFull = full();
        bytes += data.readableBytes();
        pieces.add(data);
        if (full() && !wasFull) {
            tell();
        }
    }

    private void tell() {
        if (known != null) {
            known.accept(copy());
        }
    }

    private byte[] copy() {
        byte[] copy = new byte[Math.toIntExact(bytes)];
        int position = 0;
        for (ByteBuf piece : pieces) {
            int count = piece.readableBytes();
            piece.getBytes(piece.readerIndex(), copy, position, count);
            position += count;
        }
        return copy;
    }

    boolean full() {
        return bytes >= MOST_BYTES;
    }

    @Override
    public void onTrailers(Headers followed) {
        trailers = followed;
    }

    @Override
    public void onBatchEnd() {}

    @Override
    public void onEnd() {
        ended = true;
        over();
    }

    @Override
    public void onBroken(UpstreamFailure failure) {
        broken = failure;
        over();
    }

    private void over() {
        if (!full()) {
            tell();
        }
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
        if (trailers != null) {
            taker.onTrailers(trailers);
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
