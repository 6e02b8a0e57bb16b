package dev.olla.request.send;

import dev.olla.dialect.ApiCall;
import dev.olla.dialect.translate.AnswerTranslation;
import dev.olla.fleet.AnswerFormulas;
import dev.olla.fleet.Endpoint;
import dev.olla.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// An answer on its way; used on the event loop of the request.
public interface UpstreamResponse {

    ResponseHead head();

    Endpoint endpoint();

    /// What the answers of its kind of server tell of their cost.
    AnswerFormulas metrics();

    /// What tells the answer in the client's format; null where it is passed on as it is.
    @Nullable
    AnswerTranslation translation();

    /// The call that it answers; null where that is the client's own.
    @Nullable
    ApiCall spoken();

    /// Which attempt it was, from 1.
    int attempt();

    /// Names the taker of the body.
    void deliverTo(BodyListener listener);

    /// Stops reading: the client is slow.
    void pause();

    void resume();

    /// Reads at the pace of the client.
    ///
    /// @param takes whether the client takes more now
    default void keepPace(boolean takes) {
        if (takes) {
            resume();
        } else {
            pause();
        }
    }

    /// Sends bytes of the protocol that the server has gone over to; the buffer passes on.
    void send(ByteBuf data);

    /// Whether the server takes more of them now.
    boolean writable();

    /// The rest of the answer is of no use: what came is no good answer, and the endpoint is to blame.
    void giveUp();

    /// The answer is a stream, which the limit for whole answers doesn't cut.
    void isStream();
}
