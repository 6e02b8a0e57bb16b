package dev.olla.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The way of request bodies from one connection into memory, or into a file where that has no room.
///
/// One body at a time; lives on the event loop of its connection.
final class BodyIntake {

    private final SocketChannel channel;
    private final Loop loop;
    private final BodyMemory memory;
    private final BodySpill.Listener listener;
    private @Nullable BodyDecoder decoder;
    private @Nullable Body into;
    private @Nullable BodySpill spill;

    BodyIntake(SocketChannel channel, Loop loop, BodyMemory memory, BodySpill.Listener listener) {
        this.channel = channel;
        this.loop = loop;
        this.memory = memory;
        this.listener = listener;
    }

    void begin(BodyDecoder.Framing framing, Body body) {
        decoder = framing.decoder();
        into = body;
    }

    /// Takes the next piece of the body out of the buffer.
    ///
    /// @param limit in bytes for the whole body; zero or less means none
    /// @return whether that was the last
    boolean read(ByteBuf in, long limit) throws MalformedMessage {
        BodyDecoder current = Objects.requireNonNull(decoder);
        ByteBuf piece = current.next(in);
        if (piece != null) {
            Body body = Objects.requireNonNull(into);
            store(body, piece);
            requireSize(body.length(), limit);
        }
        return current.ended();
    }

    static void requireSize(long length, long limit) throws MalformedMessage {
        if (limit > 0 && length > limit) {
            throw new MalformedMessage(RequestProblem.Kind.BODY_TOO_LARGE, "Request body too large");
        }
    }

    private void store(Body body, ByteBuf piece) {
        if (spill == null && body.takeMemory(piece.readableBytes())) {
            body.append(channel.alloc(), piece);
            return;
        }
        if (spill == null) {
            spill = new BodySpill(body, memory.file(), loop, listener);
        }
        spill.add(piece);
    }

    /// Whether bytes wait to be written to a file, so that no more should be read.
    boolean behind() {
        return spill != null && spill.behind();
    }

    /// The body is complete, and stays as it is.
    void complete() {
        decoder = null;
        into = null;
        spill = null;
    }

    /// The body is not wanted any more.
    void drop() {
        if (spill != null) {
            spill.drop();
        }
        complete();
    }
}
