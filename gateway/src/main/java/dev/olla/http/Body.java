package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The bytes of a request, held once from their arrival until the exchange is over, so that they can be sent again.
///
/// They are in memory as far as [BodyMemory] has room, else in a file. Filled and released by one owner; [#retain]
/// lends it to another thread or a longer life.
public final class Body {

    private static final int SMALL = 4096;
    private static final int TAIL = 16 * 1024;

    private static final int MOST_ON_LOOP = 256 * 1024;

    /// So much may stay outside the bound.
    private static final int MOST_ON_HEAP = 512 * 1024;

    private final List<Segment> segments = new ArrayList<>(1);
    private final @Nullable BodyMemory memory;
    private long length;
    private long taken;
    private int references = 1;
    private @Nullable ByteBuf tail;
    private @Nullable Headers trailers;

    /// A part of a body; what is in memory comes before what is in a file, unless it was spliced.
    sealed interface Segment {}

    record Held(ByteBuf bytes) implements Segment {}

    record Filed(BodyFile file, long offset, long length) implements Segment {}

    private Body(@Nullable BodyMemory memory) {
        this.memory = memory;
    }

    public static Body empty() {
        return new Body(null);
    }

    public static Body of(byte[] bytes) {
        Body body = new Body(null);
        if (bytes.length > 0) {
            body.hold(Unpooled.wrappedBuffer(bytes));
        }
        return body;
    }

    /// A body of its own that is held under the same bound: in memory where there is room, else in a file. Blocks
    /// where a file has to be written; few bytes never block.
    ///
    /// @throws UncheckedIOException where there is no file
    public Body another(byte[] bytes) {
        if (memory == null || bytes.length <= MOST_ON_HEAP) {
            return of(bytes);
        }
        Body other = new Body(memory);
        if (other.takeMemory(bytes.length)) {
            other.hold(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
            return other;
        }
        BodyFile file = memory.file();
        other.continueIn(file);
        try {
            file.write(Unpooled.wrappedBuffer(bytes), 0);
        } catch (IOException e) {
            other.release();
            throw new UncheckedIOException(e);
        }
        other.continued(bytes.length);
        return other;
    }

    /// A body to be filled that takes from that memory.
    static Body in(BodyMemory memory) {
        return new Body(memory);
    }

    /// In bytes.
    public long length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /// The fields that came after it and may be passed on; null where there are none.
    @Nullable
    Headers trailers() {
        return trailers;
    }

    void trailers(Headers followed) {
        trailers = followed;
    }

    /// Whether nothing of it is in a file, so that reading it doesn't block.
    public boolean isInMemory() {
        for (Segment segment : segments) {
            if (segment instanceof Filed) {
                return false;
            }
        }
        return true;
    }

    /// Whether it can be read as a whole on an event loop without holding up the other exchanges there.
    public boolean isQuicklyRead() {
        return length <= MOST_ON_LOOP && isInMemory();
    }

    /// Has it read as a whole where that does no harm: at once, or on a virtual thread of that name, for which it is
    /// kept.
    ///
    /// @param loop on which this is called
    /// @param step reads it; throws nothing
    /// @param then gets on the loop what was read, perhaps before this method returns
    public <T> void read(Loop loop, String thread, Supplier<T> step, Consumer<T> then) {
        if (isQuicklyRead()) {
            then.accept(step.get());
            return;
        }
        retain();
        Thread.ofVirtual().name(thread).start(() -> {
            T found = step.get();
            loop.execute(() -> {
                release();
                then.accept(found);
            });
        });
    }

    /// Takes memory for so many further bytes.
    ///
    /// @return false when there is no room
    boolean takeMemory(int count) {
        if (memory != null && !memory.take(count, taken)) {
            return false;
        }
        taken += count;
        return true;
    }

    /// Takes over the buffer. Small pieces are gathered, so that a body that trickles in costs no more than its
    /// bytes.
    void append(ByteBufAllocator allocator, ByteBuf piece) {
        if (piece.readableBytes() >= SMALL || segments.isEmpty()) {
            hold(isMostOfItsBuffer(piece) ? piece : copied(allocator, piece));
            tail = null;
            return;
        }
        try {
            gather(allocator, piece);
        } finally {
            piece.release();
        }
    }

    private static boolean isMostOfItsBuffer(ByteBuf piece) {
        ByteBuf whole = piece.unwrap();
        return whole == null || piece.readableBytes() >= whole.capacity() / 4;
    }

    private static ByteBuf copied(ByteBufAllocator allocator, ByteBuf piece) {
        try {
            return allocator.directBuffer(piece.readableBytes()).writeBytes(piece);
        } finally {
            piece.release();
        }
    }

    private void gather(ByteBufAllocator allocator, ByteBuf piece) {
        ByteBuf gathered = tail;
        if (gathered == null || gathered.writableBytes() < piece.readableBytes()) {
            gathered = allocator.directBuffer(TAIL, TAIL);
            segments.add(new Held(gathered));
            tail = gathered;
        }
        length += piece.readableBytes();
        gathered.writeBytes(piece);
    }

    private void hold(ByteBuf bytes) {
        segments.add(new Held(bytes));
        length += bytes.readableBytes();
    }

    /// What comes from now on is in the file, which passes to the body.
    void continueIn(BodyFile file) {
        segments.add(new Filed(file, 0, 0));
        tail = null;
    }

    /// The file is so many bytes longer, or will be soon.
    void continued(int count) {
        Filed filed = (Filed) segments.removeLast();
        segments.add(new Filed(filed.file(), 0, filed.length() + count));
        length += count;
    }

    List<Segment> segments() {
        return segments;
    }

    /// Views of the bytes, in order; they live as long as this body and their indices are the caller's.
    ///
    /// @throws IllegalStateException when not all of it is in memory
    public List<ByteBuf> views() {
        List<ByteBuf> views = new ArrayList<>(segments.size());
        for (Segment segment : segments) {
            if (!(segment instanceof Held(ByteBuf bytes))) {
                throw new IllegalStateException("a part of the body is in a file");
            }
            views.add(bytes.slice());
        }
        return views;
    }

    /// The bytes from the start; reading blocks unless the body is in memory, and ends with the life of this body.
    public InputStream open() {
        if (segments.size() == 1 && segments.getFirst() instanceof Held(ByteBuf bytes)) {
            return new ByteBufInputStream(bytes.slice());
        }
        List<InputStream> streams = new ArrayList<>(segments.size());
        for (Segment segment : segments) {
            streams.add(
                    switch (segment) {
                        case Held(ByteBuf bytes) -> new ByteBufInputStream(bytes.slice());
                        case Filed filed -> new FiledInput(filed.file(), filed.offset(), filed.length());
                    });
        }
        return new SequenceInputStream(Collections.enumeration(streams));
    }

    /// This body with the bytes from `from` (inclusive) to `to` (exclusive) replaced; it holds its own references.
    public Body splice(long from, long to, byte[] replacement) {
        Body spliced = new Body(null);
        spliced.addRange(this, 0, from);
        spliced.hold(Unpooled.wrappedBuffer(replacement));
        spliced.addRange(this, to, length);
        spliced.trailers = trailers;
        return spliced;
    }

    private void addRange(Body source, long from, long to) {
        long start = 0;
        for (Segment segment : source.segments) {
            long count = switch (segment) {
                case Held(ByteBuf bytes) -> bytes.readableBytes();
                case Filed filed -> filed.length();
            };
            long first = Math.max(from, start) - start;
            long last = Math.min(to, start + count) - start;
            if (first < last) {
                addPart(segment, first, last - first);
            }
            start += count;
        }
    }

    private void addPart(Segment segment, long from, long count) {
        switch (segment) {
            case Held(ByteBuf bytes) -> hold(bytes.retainedSlice(bytes.readerIndex() + (int) from, (int) count));
            case Filed(BodyFile file, long offset, long _) -> {
                segments.add(new Filed(file.retain(), offset + from, count));
                length += count;
            }
        }
    }

    /// Keeps the bytes until one more [#release].
    public synchronized Body retain() {
        if (references <= 0) {
            throw new IllegalStateException("the body was released");
        }
        references++;
        return this;
    }

    public synchronized void release() {
        if (--references != 0) {
            return;
        }
        for (Segment segment : segments) {
            switch (segment) {
                case Held(ByteBuf bytes) -> bytes.release();
                case Filed filed -> filed.file().release();
            }
        }
        segments.clear();
        if (memory != null) {
            memory.free(taken);
        }
    }

    /// A copy of the bytes; for small bodies and tests.
    public byte[] bytes() {
        try (InputStream in = open()) {
            return in.readNBytes(Math.toIntExact(length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
