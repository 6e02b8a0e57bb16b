package dev.olla.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/// Sees whether bytes that wait to be sent to a peer make progress. Used on the event loop of its channel only.
final class WriteProgress {

    private final Channel channel;
    private @Nullable Object first;
    private long firstSent;
    private long pending;
    private long since;

    WriteProgress(Channel channel) {
        this.channel = channel;
    }

    /// Whether everything that was written and flushed has been taken by the operating system.
    boolean done() {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        return out == null || out.totalPendingWriteBytes() == 0;
    }

    /// For how long not one waiting byte has been sent; to be asked again and again.
    ///
    /// @param now in [System#nanoTime] terms
    @SuppressWarnings("ReferenceEquality") // equal buffers are not the same write
    long stalledNanos(long now) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        if (out == null || out.totalPendingWriteBytes() == 0) {
            first = null;
            return 0;
        }
        Object current = out.current();
        if (current != first || out.currentProgress() != firstSent || out.totalPendingWriteBytes() != pending) {
            first = current;
            firstSent = out.currentProgress();
            pending = out.totalPendingWriteBytes();
            since = now;
        }
        return now - since;
    }
}
