package dev.olla.request.send;

import dev.olla.fleet.Endpoint;
import dev.olla.http.Body;
import dev.olla.http.ResponseHead;
import dev.olla.http.UpstreamCall;
import dev.olla.http.UpstreamFailure;
import dev.olla.http.UpstreamListener;
import dev.olla.request.select.Selection;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// One try at one endpoint: counts for it exactly once, as a success, a failure or a client that left.
///
/// Lives on the event loop of its request.
final class Attempt implements UpstreamListener, UpstreamResponse {

    private final Sending sending;
    private final Selection.Claim claim;
    private final int number;
    private @Nullable Body rewritten;
    private @Nullable UpstreamCall call;
    private @Nullable ResponseHead head;
    private @Nullable BodyListener taker;
    private long bytes;
    private boolean over;

    /// @param rewritten the body made for this endpoint, released with the answer's head; null when it is the
    ///     client's own
    Attempt(Sending sending, Selection.Claim claim, int number, @Nullable Body rewritten) {
        this.sending = sending;
        this.claim = claim;
        this.number = number;
        this.rewritten = rewritten;
        endpoint().statistics().started();
    }

    void started(UpstreamCall started) {
        call = started;
    }

    Body body() {
        return rewritten == null ? sending.outgoing().body() : rewritten;
    }

    @Override
    public Endpoint endpoint() {
        return claim.candidate().endpoint();
    }

    @Override
    public int attempt() {
        return number;
    }

    @Override
    public ResponseHead head() {
        if (head == null) {
            throw new IllegalStateException("no answer yet");
        }
        return head;
    }

    @Override
    public void onHead(ResponseHead arrived) {
        head = arrived;
        sending.answered(this);
        releaseRewritten();
    }

    /// What is still on its way to the server is held by its connection.
    private void releaseRewritten() {
        Body released = rewritten;
        rewritten = null;
        if (released != null) {
            released.release();
        }
    }

    @Override
    public void deliverTo(BodyListener listener) {
        taker = listener;
    }

    private BodyListener taker() {
        if (taker == null) {
            throw new IllegalStateException("nobody takes the answer");
        }
        return taker;
    }

    @Override
    public void onData(ByteBuf data) {
        bytes += data.readableBytes();
        taker().onData(data);
    }

    @Override
    public void onBatchEnd() {
        taker().onBatchEnd();
    }

    @Override
    public void onEnd() {
        if (!end()) {
            return;
        }
        if (head().status() >= 500) {
            endpoint().breaker().failed();
            endpoint().statistics().failed();
        } else {
            endpoint().breaker().succeeded();
            endpoint().statistics().succeeded(sending.elapsedMillis(), bytes);
        }
        taker().onEnd();
    }

    @Override
    public void onFailure(UpstreamFailure failure) {
        if (!end()) {
            return;
        }
        endpoint().breaker().failed();
        endpoint().statistics().failed();
        if (head == null) {
            sending.failed(this, failure);
        } else {
            taker().onBroken(told(failure));
        }
    }

    /// The failure in words for the caller, with the setting that ran out.
    private UpstreamFailure told(UpstreamFailure failure) {
        String limit = sending.outgoing().limits().setting(failure.kind());
        String words = CallersWords.of(failure, endpoint().origin(), "it");
        String message = limit == null
                ? words
                : limit + " ran out at endpoint " + endpoint().name() + ": " + words;
        return new UpstreamFailure(failure.kind(), failure.reusedConnection(), message);
    }

    /// The client left: nobody is to blame.
    void abandon() {
        if (!end()) {
            return;
        }
        endpoint().breaker().abandoned();
        endpoint().statistics().clientLeft();
        if (call != null) {
            call.cancel();
        }
    }

    private boolean end() {
        if (over) {
            return false;
        }
        over = true;
        claim.release();
        releaseRewritten();
        return true;
    }

    @Override
    public void pause() {
        if (call != null) {
            call.pause();
        }
    }

    @Override
    public void resume() {
        if (call != null) {
            call.resume();
        }
    }

    @Override
    public void isStream() {
        if (call != null) {
            call.liftTotalLimit();
        }
    }
}
