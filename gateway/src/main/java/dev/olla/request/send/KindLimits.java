package dev.olla.request.send;

import dev.olla.fleet.BackendProfile;
import dev.olla.request.select.Claim;
import java.time.Duration;

/// The limits of one attempt where the user wrote one for the kind of server.
final class KindLimits {

    private KindLimits() {}

    /// As the request has them, unless the user's profile says how long an answer of that kind may keep one
    /// waiting. A figure that only our own profiles have is an estimate and limits nothing.
    static Outgoing.Limits over(Outgoing.Limits limits, BackendProfile kind, Claim claim) {
        Duration written = kind.written().timeout();
        if (written == null) {
            return limits;
        }
        String setting = "profiles." + kind.name() + ".characteristics.timeout";
        return limits.withHead(written.isZero() ? written : written.plus(buffer(kind, claim)), setting);
    }

    private static Duration buffer(BackendProfile kind, Claim claim) {
        return kind.resources().timeoutScaling().loadTimeBuffer() ? claim.loadTime() : Duration.ZERO;
    }
}
