package dev.olla.request;

import dev.olla.http.BodyFeed;
import dev.olla.http.FrameTooLong;
import dev.olla.http.Headers;
import dev.olla.http.LineReader;
import dev.olla.http.UpstreamFailure;
import dev.olla.request.route.Candidate;
import dev.olla.request.select.Acquisition;
import dev.olla.request.select.Claim;
import dev.olla.request.select.Selection;
import dev.olla.request.send.BodyListener;
import dev.olla.request.send.Outgoing;
import dev.olla.request.send.SendFailure;
import dev.olla.request.send.SendListener;
import dev.olla.request.send.Sending;
import dev.olla.request.send.UpstreamResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The part of a [FanOut] that goes to one server. Ends once. Lives on the event loop of its request.
final class TargetCall implements SendListener, BodyListener {

    /// What is kept of an answer that isn't passed on.
    private static final int MOST_KEPT = 64 * 1024;

    private final FanOut owner;
    private final Candidate target;
    private final LineReader lines = new LineReader(LineReader.STANDARD_LIMIT);
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final @Nullable BodyFeed feed;
    private @Nullable Sending sending;
    private @Nullable UpstreamResponse response;
    private @Nullable String error;
    private @Nullable TargetResult result;

    TargetCall(FanOut owner, Candidate target, @Nullable BodyFeed feed) {
        this.owner = owner;
        this.target = target;
        this.feed = feed;
    }

    String name() {
        return target.endpoint().name();
    }

    /// Null while the call runs.
    @Nullable
    TargetResult result() {
        return result;
    }

    void start(RequestPipeline pipeline, Outgoing outgoing, long arrivedNanos) {
        Selection only = new Selection(pipeline.balancer(), pipeline.rates(), List.of(target), _ -> true);
        only.claim(taken -> {
            if (taken instanceof Acquisition.Claimed(Claim claim)) {
                only.keep(claim);
                sending = pipeline.sender().send(owner.loop(), outgoing.fedBy(feed), only, arrivedNanos, this);
            } else {
                end(429, "Too Many Requests");
            }
        });
    }

    /// Whether the answer is one of lines that are passed on as they come.
    private boolean passesOn() {
        return owner.streams() && response != null && response.head().status() < 400;
    }

    @Override
    public void onAnswer(UpstreamResponse answer) {
        response = answer;
        if (passesOn()) {
            answer.isStream();
        }
        if (!owner.writable()) {
            answer.pause();
        }
        answer.deliverTo(this);
    }

    @Override
    public void onFailure(SendFailure failure) {
        end(failure.status(), failure.message());
    }

    @Override
    public void onData(ByteBuf data) {
        byte[] bytes;
        try {
            bytes = ByteBufUtil.getBytes(data);
        } finally {
            data.release();
        }
        if (!passesOn()) {
            kept.write(bytes, 0, Math.min(bytes.length, MOST_KEPT - kept.size()));
            return;
        }
        try {
            lines.read(bytes, 0, bytes.length, this::line);
        } catch (FrameTooLong tooLong) {
            cancel();
            end(502, "a line of its answer is too long: " + tooLong.getMessage());
        }
    }

    private void line(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return;
        }
        String told = TargetResult.error(bytes, offset, length);
        error = told != null ? told : error;
        owner.line(this, bytes, offset, length);
    }

    @Override
    public void onBatchEnd() {
        owner.flush();
    }

    @Override
    public void onTrailers(Headers trailers) {
        // Several answers become one, which has no room for them.
    }

    @Override
    public void onEnd() {
        try {
            lines.end(this::line);
        } catch (FrameTooLong tooLong) {
            error = tooLong.getMessage();
        }
        int status = response == null ? 502 : response.head().status();
        if (error != null) {
            end(500, error);
        } else {
            end(TargetResult.of(status, kept.toByteArray()));
        }
    }

    @Override
    public void onBroken(UpstreamFailure failure) {
        boolean timeout = failure.kind() == UpstreamFailure.Kind.READ_TIMEOUT
                || failure.kind() == UpstreamFailure.Kind.TOTAL_TIMEOUT;
        end(timeout ? 504 : 502, failure.message());
    }

    private void end(int status, @Nullable String message) {
        end(new TargetResult(status, message));
    }

    private void end(TargetResult how) {
        if (result == null) {
            result = how;
            if (feed != null) {
                feed.close();
            }
            owner.ended(this, how);
        }
    }

    void pause() {
        if (response != null && result == null) {
            response.pause();
        }
    }

    void resume() {
        if (response != null && result == null) {
            response.resume();
        }
    }

    void cancel() {
        if (sending != null) {
            sending.cancel();
        }
        if (feed != null) {
            feed.close();
        }
    }
}
