package dev.olla.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Writes the rest of a request's body to a file while it arrives.
///
/// Lives on the event loop of its connection, and writes on virtual threads, one batch after the other.
final class BodySpill {

    private final Body body;
    private final BodyFile file;
    private final Loop loop;
    private final Listener listener;
    private List<ByteBuf> queue = new ArrayList<>();
    private long written;
    private boolean writing;
    private boolean over;

    /// Hears on the event loop how it goes.
    interface Listener {

        /// Everything that was added is in the file.
        void caughtUp();

        /// There is no file, or no room in it; nothing more is written.
        void spillFailed(IOException cause);
    }

    /// @param file passes to the spill, which passes it to the body
    BodySpill(Body body, BodyFile file, Loop loop, Listener listener) {
        this.body = body;
        this.file = file;
        this.loop = loop;
        this.listener = listener;
        body.continueIn(file);
    }

    /// Takes over the buffer.
    void add(ByteBuf piece) {
        body.continued(piece.readableBytes());
        queue.add(piece);
        if (!writing) {
            writeQueue();
        }
    }

    /// Whether bytes wait to be written, so that no more should be read.
    boolean behind() {
        return writing;
    }

    /// The body is not wanted any more.
    void drop() {
        over = true;
        queue.forEach(ByteBuf::release);
        queue.clear();
    }

    private void writeQueue() {
        List<ByteBuf> batch = queue;
        queue = new ArrayList<>();
        writing = true;
        file.retain();
        long position = written;
        Thread.ofVirtual().name("olla-body-file").start(() -> {
            long end = position;
            IOException failure = null;
            try {
                for (ByteBuf piece : batch) {
                    int count = piece.readableBytes();
                    file.write(piece, end);
                    end += count;
                }
            } catch (IOException e) {
                failure = e;
            } finally {
                batch.forEach(ByteBuf::release);
                file.release();
            }
            tell(end, failure);
        });
    }

    private void tell(long end, @Nullable IOException failure) {
        try {
            loop.execute(() -> batchWritten(end, failure));
        } catch (RejectedExecutionException _) {
            // the loop has ended meanwhile, and nobody waits
        }
    }

    private void batchWritten(long end, @Nullable IOException failure) {
        writing = false;
        written = end;
        if (over) {
            return;
        }
        if (failure != null) {
            drop();
            listener.spillFailed(failure);
        } else if (queue.isEmpty()) {
            listener.caughtUp();
        } else {
            writeQueue();
        }
    }
}
