package dev.olla.http;

import io.netty.buffer.ByteBuf;
import java.util.List;

/// The way of one incoming body to several servers, at the pace of the slowest that still takes it.
///
/// Holds nothing itself: each piece is shared by the connections. Lives on the event loop of the exchange.
public final class BodySpread implements IncomingBody.Listener {

    private final IncomingBody from;
    private final List<BodyFeed> to;
    private final Runnable onBroken;

    /// @param onBroken called when the body can't be read on: the calls are to be cancelled
    public BodySpread(IncomingBody from, List<BodyFeed> to, Runnable onBroken) {
        this.from = from;
        this.to = List.copyOf(to);
        this.onBroken = onBroken;
    }

    /// Begins; the calls may be under way already, or over.
    public void start() {
        from.pause();
        to.forEach(feed -> feed.onChange(this::changed));
        from.deliverTo(this);
        changed();
    }

    private void changed() {
        boolean wanted = true;
        for (BodyFeed feed : to) {
            wanted &= feed.closed() || feed.writable();
        }
        if (wanted) {
            from.resume();
        } else {
            from.pause();
        }
    }

    @Override
    public void onPiece(ByteBuf piece) {
        try {
            for (BodyFeed feed : to) {
                if (!feed.closed()) {
                    feed.write(piece.retainedDuplicate());
                }
            }
        } finally {
            piece.release();
        }
        changed();
    }

    @Override
    public void onEnd() {
        to.forEach(BodyFeed::end);
    }

    @Override
    public void onBroken() {
        onBroken.run();
    }
}
