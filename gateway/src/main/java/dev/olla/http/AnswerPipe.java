package dev.olla.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Carries the body of an answer from its event loop to a thread that reads it, at the pace of that thread.
///
/// The listener's side belongs to the event loop, the stream's side to the reading thread. What waits in between is
/// at most [#HIGH] bytes and what one read of the socket brings.
final class AnswerPipe extends InputStream implements UpstreamListener {

    private static final int HIGH = 256 * 1024;
    private static final int LOW = 64 * 1024;

    private final Loop loop;
    private final int maxBytes;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /// Of the event loop.
    private @Nullable UpstreamCall call;

    private int received;
    private boolean paused;
    private boolean over;

    /// Of the reading thread.
    private byte[] current = {};

    private int position;
    private @Nullable Piece last;

    private sealed interface Piece {

        record Head(ResponseHead head) implements Piece {}

        @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
        record Data(byte[] bytes) implements Piece {}

        record End() implements Piece {}

        record Failed(UpstreamFailure failure) implements Piece {}
    }

    AnswerPipe(Loop loop, int maxBytes) {
        this.loop = loop;
        this.maxBytes = maxBytes;
    }

    /// Begins; on the event loop.
    void begin(UpstreamClient client, UpstreamRequest request) {
        if (!over) {
            call = client.send(loop, request, this);
        }
    }

    /// Waits for the head; null when none came, see [#failure].
    @Nullable
    ResponseHead awaitHead() throws InterruptedException {
        Piece first = pieces.take();
        if (first instanceof Piece.Head(ResponseHead head)) {
            return head;
        }
        last = first;
        return null;
    }

    /// Why the answer did not end as it should; null when it did, or has not ended yet.
    @Nullable
    UpstreamFailure failure() {
        return last instanceof Piece.Failed(UpstreamFailure failure) ? failure : null;
    }

    /// Passes over what little may be left, so that the connection can be used again.
    void drain() throws IOException {
        byte[] dropped = new byte[8 * 1024];
        for (int left = LOW; left > 0; ) {
            int count = read(dropped);
            if (count < 0) {
                return;
            }
            left -= count;
        }
    }

    /// Ends the call, wherever it is; does nothing when it is over.
    @Override
    public void close() {
        loop.execute(this::cancel);
    }

    private void cancel() {
        over = true;
        if (call != null) {
            call.cancel();
        }
    }

    @Override
    public void onHead(ResponseHead head) {
        pieces.add(new Piece.Head(head));
    }

    @Override
    public void onData(ByteBuf data) {
        byte[] bytes = new byte[data.readableBytes()];
        data.readBytes(bytes).release();
        received += bytes.length;
        if (received > maxBytes) {
            cancel();
            onFailure(new UpstreamFailure(
                    UpstreamFailure.Kind.MALFORMED, false, "the answer is longer than " + maxBytes + " bytes"));
            return;
        }
        pieces.add(new Piece.Data(bytes));
        if (waiting.addAndGet(bytes.length) > HIGH && call != null) {
            paused = true;
            call.pause();
        }
    }

    @Override
    public void onBatchEnd() {
        // each piece is handed over as it comes
    }

    @Override
    public void onEnd() {
        over = true;
        pieces.add(new Piece.End());
    }

    @Override
    public void onFailure(UpstreamFailure failure) {
        over = true;
        pieces.add(new Piece.Failed(failure));
    }

    private void resume() {
        if (paused && !over && call != null) {
            paused = false;
            call.resume();
        }
    }

    @Override
    public int read() throws IOException {
        return fill() ? current[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, current.length - position);
        System.arraycopy(current, position, into, offset, count);
        position += count;
        return count;
    }

    /// Whether there is something to read.
    private boolean fill() throws IOException {
        while (position == current.length) {
            if (last == null) {
                next();
            }
            if (last instanceof Piece.Failed(UpstreamFailure failure)) {
                throw new IOException(failure.message());
            }
            if (last != null) {
                return false;
            }
        }
        return true;
    }

    private void next() throws IOException {
        Piece piece = take();
        if (!(piece instanceof Piece.Data(byte[] bytes))) {
            last = piece;
            return;
        }
        current = bytes;
        position = 0;
        int left = waiting.addAndGet(-bytes.length);
        if (left < LOW && left + bytes.length >= LOW) {
            loop.execute(this::resume);
        }
    }

    private Piece take() throws InterruptedIOException {
        try {
            return pieces.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
