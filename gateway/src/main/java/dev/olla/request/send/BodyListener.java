package dev.olla.request.send;

import dev.olla.http.Headers;
import dev.olla.http.UpstreamFailure;
import io.netty.buffer.ByteBuf;

/// Takes the body of an answer; called on the event loop of the request.
public interface BodyListener {

    /// The listener owns the buffer and must release it.
    void onData(ByteBuf data);

    /// The fields that follow the body, as the server sent them; before [#onEnd].
    void onTrailers(Headers trailers);

    /// Everything that one read brought has been handed over: the moment to flush.
    void onBatchEnd();

    void onEnd();

    /// After the server has gone over to another protocol: it takes more bytes than before, or for now no more of
    /// them.
    default void onWritabilityChange() {}

    /// The answer can't be completed.
    void onBroken(UpstreamFailure failure);
}
