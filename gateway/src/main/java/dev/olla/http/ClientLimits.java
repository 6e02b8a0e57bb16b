package dev.olla.http;

import java.time.Duration;

/// The time limits of a client's connection, each for its phase.
final class ClientLimits extends Deadlines.Watched {

    private final Server server;
    private final ClientConnection connection;
    private final WriteProgress writes;
    private ClientPhase phase = ClientPhase.IDLE;
    private long phaseSince = System.nanoTime();
    private long requestSince = phaseSince;

    ClientLimits(Server server, ClientConnection connection) {
        this.server = server;
        this.connection = connection;
        this.writes = new WriteProgress(connection.channel());
    }

    ClientPhase phase() {
        return phase;
    }

    void enter(ClientPhase next) {
        phase = next;
        phaseSince = System.nanoTime();
    }

    /// A head is complete: its request began with its first byte.
    void headArrived() {
        requestSince = phase == ClientPhase.IDLE ? System.nanoTime() : phaseSince;
    }

    /// Whether all that was written has left.
    boolean allWritten() {
        return writes.done();
    }

    @Override
    void checkDeadline(long now) {
        ServerSettings limits = server.settings();
        if (passed(limits.writeTimeout(), writes.stalledNanos(now))) {
            connection.closeStalled();
            return;
        }
        switch (phase) {
            case IDLE -> checkIdle(limits, now);
            case HEAD -> refuseAfter(limits.readHeaderTimeout(), now - phaseSince, "server.read_header_timeout");
            case BODY -> refuseAfter(limits.readTimeout(), now - requestSince, "server.read_timeout");
            case STREAMING -> checkSilence(limits, now);
            case STORING, ANSWERING, SWITCHED, CLOSING -> {}
            case LINGERING -> connection.lingering().closeWhenOver(now, server.stopping());
        }
    }

    /// The wait for the next request starts when the last answer is sent whole.
    private void checkIdle(ServerSettings limits, long now) {
        if (!writes.done()) {
            phaseSince = now;
        }
        if (passed(silence(limits), now - phaseSince)) {
            connection.closeNow();
        }
    }

    private static Duration silence(ServerSettings limits) {
        return limits.idleTimeout().isZero() ? limits.readTimeout() : limits.idleTimeout();
    }

    /// A client that isn't read can't be blamed for its silence.
    private void checkSilence(ServerSettings limits, long now) {
        if (!connection.channel().config().isAutoRead()) {
            phaseSince = now;
        }
        String setting = limits.idleTimeout().isZero() ? "server.read_timeout" : "server.idle_timeout";
        refuseAfter(silence(limits), now - phaseSince, setting);
    }

    private void refuseAfter(Duration limit, long nanos, String setting) {
        if (passed(limit, nanos)) {
            connection.refuse(new RequestProblem(RequestProblem.Kind.BODY_TIMEOUT, setting + " ran out"));
        }
    }

    private static boolean passed(Duration limit, long nanos) {
        return !limit.isZero() && nanos > limit.toNanos();
    }
}
