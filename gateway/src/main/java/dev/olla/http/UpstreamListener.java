package dev.olla.http;

import io.netty.buffer.ByteBuf;

/// Takes what a call to a server brings; called on the event loop of the call only.
///
/// A head of 101 comes only where the request asked for another protocol; then the data is that protocol's, and
/// its end is the end of the connection.
///
/// The order is: at most one [#onHead], any number of [#onData] and [#onBatchEnd], then exactly one of [#onEnd] and
/// [#onFailure]. A cancelled call brings nothing more.
public interface UpstreamListener {

    /// The final head: interim answers (1xx) have been passed over.
    void onHead(ResponseHead head);

    /// Bytes of the body, unframed. The listener owns the buffer and must release it.
    void onData(ByteBuf data);

    /// The fields that follow a chunked body, before [#onEnd]. They are as the server sent them.
    default void onTrailers(Headers trailers) {}

    /// Everything that one read brought has been handed over: the moment to flush.
    void onBatchEnd();

    void onEnd();

    /// The server has gone over to another protocol, and takes more bytes than before or for now no more of them.
    default void onWritabilityChange() {}

    void onFailure(UpstreamFailure failure);
}
