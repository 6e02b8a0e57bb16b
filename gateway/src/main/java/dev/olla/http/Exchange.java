package dev.olla.http;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request of a client and its answer.
///
/// It lives on one event loop: every method is called there, unless it says otherwise. An answer is either one
/// [#respond], or one [#begin] with any number of [#write] and then [#finish] or [#abort]. When the client has
/// left, what is written is dropped.
public interface Exchange {

    RequestHead request();

    /// Complete when the handler is called, empty where the body is taken as it comes; released when the exchange
    /// is over.
    Body body();

    /// Asks, within [RequestHandler#arrived], for the body as it comes: the handler is then called before it is
    /// there, no limit of size holds, and a client may take as long as it never falls silent.
    void takeBodyAsItComes();

    /// The body that comes, for a handler that asked for it in this way; null otherwise.
    @Nullable
    IncomingBody incomingBody();

    /// The socket's other end.
    InetSocketAddress peer();

    /// When the head of the request was complete, in [System#nanoTime] terms.
    long arrivedNanos();

    /// The path as routes match it: without query, cleaned, still percent-encoded.
    String path();

    /// Fields that every answer to this request carries, whoever makes it; a field of the answer itself wins,
    /// except that `Vary` is added to the answer's own.
    Headers standingHeaders();

    /// Something that a stage wants to remember for later ones, for instance a request id; null until set.
    @Nullable
    Object attachment();

    void attach(Object attachment);

    /// Answers with a body of known length and ends the exchange. Only the first answer counts. `Content-Length` is
    /// added. For HEAD the body is left out.
    void respond(int status, Headers headers, byte[] body);

    /// Starts an answer.
    ///
    /// @param length of the body in bytes; -1 when it is not known: then it is chunked, or ends with the
    ///     connection for an HTTP/1.0 client
    void begin(ResponseHead head, long length);

    /// Answers 101 and goes over to the protocol that the client asked for: what is written from now on leaves as
    /// it is, and what the client sends is handed to the action, which owns the buffers. [#finish] closes the
    /// connection after the last byte.
    ///
    /// @param headers of the answer, without `Connection`
    void switchProtocols(Headers headers, Consumer<ByteBuf> fromClient);

    /// Whether more bytes of the client are wanted; only after [#switchProtocols].
    void read(boolean wanted);

    /// Whether [#begin] or [#respond] was called, so that nothing else can be answered.
    boolean hasBegun();

    /// Sends bytes of the body with the next [#flush]; the buffer passes to the exchange.
    void write(ByteBuf data);

    void flush();

    /// Fields to follow the body, before [#finish]; dropped where the answer is not chunked, since only then
    /// there is room for them.
    void trailers(Headers trailers);

    /// The answer is complete.
    void finish();

    /// The answer can't be completed: the connection is closed in a way that the client can't take for an end.
    void abort();

    /// Whether the client takes more bytes now; turns false when it is slow.
    boolean writable();

    /// Called on the event loop when [#writable] changes.
    void onWritabilityChange(Runnable action);

    /// Called once, on the event loop, when the client left before the answer was complete.
    void onClientGone(Runnable action);

    /// Whether the client left before the answer was complete.
    boolean clientGone();

    /// Whether it was the end of this server that cut the exchange, rather than the client.
    boolean cut();

    /// Whether the client was given up because it took nothing for longer than `server.write_timeout`.
    default boolean stalled() {
        return false;
    }

    /// The event loop that the exchange lives on.
    Loop loop();

    /// Runs the action on the event loop after the delay, unless cancelled.
    Loop.Timer after(Duration delay, Runnable action);
}
