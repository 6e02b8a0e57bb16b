package dev.olla.testbed;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A model at work on one answer: it waits for a slot, loads, reads the prompt, then gives piece after piece,
/// each due at a fixed moment so that lateness doesn't add up.
///
/// Lives on the event loop of its exchange. A client that doesn't read stops it.
final class Generation {

    private static final int PIECES_PER_WRITE = 256;

    private final Exchange exchange;
    private final Channel channel;
    private final SimulatedServer server;
    private final Answer answer;
    private final Slots slots;
    private final long promptNanos;
    private final long intervalNanos;
    private Slots.@Nullable Ticket ticket;
    private long loadNanos;
    private long firstPieceAt;
    private int nextPiece;
    private boolean headWritten;
    private boolean paused;

    Generation(Exchange exchange, Answer answer) {
        this.exchange = exchange;
        this.channel = exchange.channel();
        this.server = exchange.server();
        this.answer = answer;
        this.slots = server.backend().slots();
        this.promptNanos = server.backend().pacing().firstTokenNanos();
        this.intervalNanos = server.backend().pacing().intervalNanos();
    }

    void begin(SimulatedModel model) {
        if (slots.unlimited()) {
            start(0);
        } else {
            ticket = slots.enter(model.name(), channel.eventLoop(), this::start);
        }
    }

    /// Gives the slot back, whether it was reached or not.
    void leave() {
        if (ticket != null) {
            slots.leave(ticket);
        }
    }

    void resume() {
        if (paused && channel.isWritable()) {
            paused = false;
            givePieces();
        }
    }

    private void start(long load) {
        if (exchange.over()) {
            return;
        }
        loadNanos = load;
        firstPieceAt = System.nanoTime() + load + promptNanos;
        switch (answer) {
            case Answer.Sized sized -> exchange.writeSized(sized);
            case Answer.Composed composed ->
                exchange.after(load + promptNanos + lastPieceAfter(composed.pieces()), () -> compose(composed));
            case Answer.Streamed streamed
            when exchange.fault() instanceof Fault.WrongContentLength ->
                exchange.after(
                        load + promptNanos + lastPieceAfter(streamed.reply().pieces()), () -> compose(streamed));
            case Answer.Streamed _ -> exchange.after(load + promptNanos, this::givePieces);
        }
    }

    private long lastPieceAfter(int pieces) {
        return intervalNanos * Math.max(0, pieces - 1);
    }

    private void compose(Answer.Composed composed) {
        byte[] body = composed.body().apply(timing());
        exchange.writeSized(new Answer.Sized(200, Answer.JSON, body, null));
    }

    private void compose(Answer.Streamed streamed) {
        exchange.writeSized(new Answer.Sized(200, streamed.contentType(), streamed.everything(timing()), null));
    }

    private Timing timing() {
        return new Timing(loadNanos, promptNanos, System.nanoTime() - exchange.startedAt());
    }

    private void givePieces() {
        if (exchange.over() || !(answer instanceof Answer.Streamed streamed)) {
            return;
        }
        if (!channel.isWritable()) {
            paused = true;
            return;
        }
        ByteBuf out = channel.alloc().ioBuffer(1024);
        writeHead(out, streamed);
        int last = lastPiece(streamed);
        int due = Math.min(last, piecesDue());
        for (; nextPiece < due; nextPiece++) {
            writePiece(out, streamed, streamed.reply().piece(nextPiece));
        }
        if (nextPiece < last) {
            var _ = exchange.write(out);
            scheduleNext();
        } else {
            finish(out, streamed);
        }
    }

    private void scheduleNext() {
        if (intervalNanos == 0) {
            channel.eventLoop().execute(this::givePieces);
            return;
        }
        long wait = firstPieceAt + nextPiece * intervalNanos - System.nanoTime();
        exchange.after(Math.max(1, wait), this::givePieces);
    }

    private int piecesDue() {
        if (intervalNanos == 0) {
            return nextPiece + PIECES_PER_WRITE;
        }
        long due = (System.nanoTime() - firstPieceAt) / intervalNanos + 1;
        return (int) Math.min(due, nextPiece + PIECES_PER_WRITE);
    }

    /// Where a fault cuts the stream off, or its end.
    private int lastPiece(Answer.Streamed streamed) {
        int pieces = streamed.reply().pieces();
        return switch (exchange.fault()) {
            case Fault.StallAfter(int chunks) -> Math.min(chunks, pieces);
            case Fault.DropAfter(int chunks) -> Math.min(chunks, pieces);
            case null, default -> pieces;
        };
    }

    private void finish(ByteBuf out, Answer.Streamed streamed) {
        switch (exchange.fault()) {
            case Fault.StallAfter _ -> {
                var _ = exchange.write(out);
            }
            case Fault.DropAfter _ -> exchange.write(out).addListener(_ -> exchange.breakOff());
            case null, default -> {
                writeChunk(out, streamed.frames().closing().apply(timing()));
                writeLastChunk(out);
                ChannelFuture written = exchange.write(out);
                exchange.complete(written, !exchange.arrival().takesChunks());
            }
        }
    }

    private void writeHead(ByteBuf out, Answer.Streamed streamed) {
        if (headWritten) {
            return;
        }
        headWritten = true;
        exchange.streamBegins();
        server.heads().writeStream(out, exchange.arrival(), streamed.contentType());
        writeChunk(out, streamed.frames().opening());
    }

    private void writePiece(ByteBuf out, Answer.Streamed streamed, byte[] piece) {
        FrameTemplate frame = streamed.frames().piece();
        beginChunk(out, frame.length(piece));
        out.writeBytes(frame.prefix()).writeBytes(piece).writeBytes(frame.suffix());
        endChunk(out);
        if (nextPiece == 0 && exchange.fault() instanceof Fault.MalformedJson) {
            boolean events = streamed.contentType().equals(Answer.EVENTS);
            String broken = events ? "data: {\"broken\": \n\n" : "{\"broken\": \n";
            writeChunk(out, broken.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void writeChunk(ByteBuf out, byte[] bytes) {
        if (bytes.length > 0) {
            beginChunk(out, bytes.length);
            out.writeBytes(bytes);
            endChunk(out);
        }
    }

    private void beginChunk(ByteBuf out, int length) {
        if (exchange.arrival().takesChunks()) {
            ByteBufUtil.writeAscii(out, Integer.toHexString(length));
            ByteBufUtil.writeShortBE(out, 0x0D0A);
        }
    }

    private void endChunk(ByteBuf out) {
        if (exchange.arrival().takesChunks()) {
            ByteBufUtil.writeShortBE(out, 0x0D0A);
        }
    }

    private void writeLastChunk(ByteBuf out) {
        if (exchange.arrival().takesChunks()) {
            ByteBufUtil.writeAscii(out, "0\r\n\r\n");
        }
    }
}
