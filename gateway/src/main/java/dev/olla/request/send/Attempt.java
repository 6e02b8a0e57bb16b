package dev.olla.request.send;

import dev.olla.dialect.ApiCall;
import dev.olla.dialect.translate.AnswerTranslation;
import dev.olla.fleet.AnswerFormulas;
import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.Endpoint;
import dev.olla.http.Body;
import dev.olla.http.Headers;
import dev.olla.http.ResponseHead;
import dev.olla.http.UpstreamCall;
import dev.olla.http.UpstreamFailure;
import dev.olla.http.UpstreamListener;
import dev.olla.request.select.Claim;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One try at one endpoint: counts for it exactly once, as a success, a failure or a client that left.
///
/// Lives on the event loop of its request.
final class Attempt implements UpstreamListener, UpstreamResponse {

    private final Sending sending;
    private final Claim claim;
    private final Outgoing.Limits limits;
    private @Nullable Body rewritten;
    private @Nullable AnswerTranslation translation;
    private @Nullable ApiCall spoken;
    private @Nullable UpstreamCall call;
    private @Nullable ResponseHead head;
    private @Nullable BodyListener taker;
    private long bytes;
    /// Nothing more comes from the server.
    private boolean ended;
    /// The endpoint's counters and breaker know how it went.
    private boolean settled;
    /// Its endpoint has been asked, or is about to be.
    private boolean begun;

    /// @param rewritten the body made for this endpoint, released with the answer's head; null when it is the
    ///     client's own
    /// @param limits that hold at this endpoint
    Attempt(Sending sending, Claim claim, @Nullable Body rewritten, Outgoing.Limits limits) {
        this.sending = sending;
        this.claim = claim;
        this.rewritten = rewritten;
        this.limits = limits;
    }

    /// Now it counts.
    void begin() {
        begun = true;
        endpoint().statistics().started();
    }

    /// It won't be sent: the endpoint never hears of it.
    void unsent() {
        ended = true;
        if (release()) {
            claim.pass().abandoned();
        }
    }

    /// Nothing is to be sent any more, for instance because the client left.
    boolean isOver() {
        return ended;
    }

    /// The request is put into another form for this endpoint.
    ///
    /// @param call that is made instead of the client's
    /// @param other the body in that form
    void translated(ApiCall call, Body other, AnswerTranslation answer) {
        spoken = call;
        rewritten = other;
        translation = answer;
    }

    Claim claim() {
        return claim;
    }

    void started(UpstreamCall started) {
        call = started;
    }

    Body body() {
        return rewritten == null ? sending.outgoing().body() : rewritten;
    }

    Outgoing.Limits limits() {
        return limits;
    }

    @Override
    public Endpoint endpoint() {
        return claim.candidate().endpoint();
    }

    @Override
    public AnswerFormulas metrics() {
        BackendProfile kind = sending.kind(endpoint());
        return kind == null ? AnswerFormulas.NONE : kind.metrics();
    }

    @Override
    public @Nullable AnswerTranslation translation() {
        return translation;
    }

    @Override
    public @Nullable ApiCall spoken() {
        return spoken;
    }

    @Override
    public int attempt() {
        return sending.attempts();
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
        claim.pass().answering();
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

    /// Another word for the client than the server's own.
    void head(ResponseHead changed) {
        head = changed;
    }

    @Override
    public void deliverTo(BodyListener listener) {
        BodyListener before = taker;
        taker = listener;
        if (before instanceof KeptBody kept) {
            if (kept.full()) {
                resume();
            }
            kept.passOnTo(listener);
        }
    }

    /// Gathers the answer until it can be told what it is.
    ///
    /// @param then gets the body, as far as there is room for it
    void gather(Consumer<byte[]> then) {
        taker = new KeptBody(then);
    }

    /// Another endpoint is asked, or the same in another way: the answer waits, and its endpoint is done with.
    void keep() {
        if (!(taker instanceof KeptBody)) {
            taker = new KeptBody();
        }
        settle();
    }

    /// Another endpoint's answer is passed on.
    void drop() {
        if (taker instanceof KeptBody kept) {
            kept.drop();
        }
        if (ended) {
            return;
        }
        ended = true;
        if (call != null) {
            call.cancel();
        }
    }

    private BodyListener taker() {
        if (taker == null) {
            throw new IllegalStateException("nobody takes the answer");
        }
        return taker;
    }

    @Override
    public void onData(ByteBuf data) {
        if (ended) {
            data.release();
            return;
        }
        if (bytes == 0 && head().status() < 400) {
            claim.answering();
        }
        bytes += data.readableBytes();
        taker().onData(data);
        if (taker instanceof KeptBody kept && kept.full()) {
            pause();
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        if (!ended) {
            taker().onTrailers(trailers);
        }
    }

    @Override
    public void onBatchEnd() {
        if (ended) {
            return;
        }
        if (!settled && head().status() < 500) {
            claim.pass().streaming();
        }
        taker().onBatchEnd();
    }

    @Override
    public void onEnd() {
        if (ended) {
            return;
        }
        ended = true;
        settle();
        taker().onEnd();
    }

    /// The answer, as far as it is there, was whole.
    private void settle() {
        if (!settled && head().status() < 400) {
            claim.served();
        }
        if (!release()) {
            return;
        }
        if (head().status() >= 500) {
            claim.pass().failed();
            endpoint().statistics().failed();
        } else {
            claim.pass().succeeded();
            endpoint().statistics().succeeded(sending.elapsedMillis(), bytes);
        }
    }

    @Override
    public void onFailure(UpstreamFailure failure) {
        if (ended) {
            return;
        }
        ended = true;
        if (release()) {
            claim.pass().failed();
            endpoint().statistics().failed();
        }
        if (head == null) {
            sending.failed(this, failure);
        } else {
            taker().onBroken(told(failure));
        }
    }

    /// The failure in words for the caller, with the setting that ran out.
    private UpstreamFailure told(UpstreamFailure failure) {
        String limit = limits.setting(failure.kind());
        String words = CallersWords.of(failure, endpoint().origin(), "it");
        String message = limit == null
                ? words
                : limit + " ran out at endpoint " + endpoint().name() + ": " + words;
        return new UpstreamFailure(failure.kind(), failure.reusedConnection(), message);
    }

    @Override
    public void giveUp() {
        drop();
        if (release()) {
            claim.pass().failed();
            endpoint().statistics().failed();
        }
    }

    /// The client left: nobody is to blame.
    void abandon() {
        // The place comes free once the server's connection is closed.
        drop();
        if (release()) {
            claim.pass().abandoned();
            if (begun) {
                endpoint().statistics().clientLeft();
            }
        }
    }

    /// The gateway ends: neither the endpoint nor the client is to blame.
    void cutOff() {
        drop();
        if (release()) {
            claim.pass().abandoned();
            if (begun) {
                endpoint().statistics().cutOff();
            }
        }
    }

    /// @return whether the endpoint's counters and breaker are still to be told
    private boolean release() {
        if (settled) {
            return false;
        }
        settled = true;
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
    public void send(ByteBuf data) {
        if (call != null && !ended) {
            call.send(data);
        } else {
            data.release();
        }
    }

    @Override
    public boolean writable() {
        return call != null && call.writable();
    }

    @Override
    public void onWritabilityChange() {
        if (taker != null && !ended) {
            taker.onWritabilityChange();
        }
    }

    /// The client hears already that it is waited for.
    void liftHeadLimit() {
        if (call != null && !ended) {
            call.liftHeadLimit();
        }
    }

    @Override
    public void isStream() {
        if (call != null) {
            call.liftTotalLimit();
        }
    }
}
