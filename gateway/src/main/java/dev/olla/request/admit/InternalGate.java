package dev.olla.request.admit;

import dev.olla.http.Exchange;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Keeps the dashboard, and on request all that the gateway tells of itself, from whom the access policy leaves
/// out.
///
/// Forwarding headers never count here: anybody can write them.
final class InternalGate {

    private static final String DASHBOARD = "/internal/ui";

    private final DashboardSettings settings;

    InternalGate(DashboardSettings settings) {
        this.settings = settings;
    }

    /// Why somebody is turned away.
    ///
    /// @param reason in words
    /// @param configKey the setting that would have to change
    record Denial(String reason, String configKey, IpAddress peer, String host) {

        String message() {
            return "403 forbidden: " + reason + " (ip=" + peer + ", host=" + host
                    + "). Adjust dashboard.access_policy.allowed_hosts (or allowed_cidrs) in your config.";
        }
    }

    /// Null when the request may pass.
    @Nullable
    Denial check(Exchange exchange) {
        return check(
                exchange.path(),
                ClientAddresses.peer(exchange),
                exchange.request().headers().first("Host"));
    }

    /// @param host a `Host` field as sent; null where there is none
    @Nullable
    Denial check(String path, IpAddress peer, @Nullable String host) {
        return covers(path) ? checkPolicy(peer, host) : null;
    }

    /// Whether the dashboard is there and that path is one of its own.
    boolean isDashboard(String path) {
        return isUnder(DASHBOARD, path) && settings.enabled();
    }

    private boolean covers(String path) {
        if (isDashboard(path)) {
            return true;
        }
        return settings.gateInternalApi()
                && (path.equals("/version") || isUnder("/internal", path))
                && !path.equals("/internal/health")
                && !path.equals("/internal/ready");
    }

    private static boolean isUnder(String folder, String path) {
        return path.startsWith(folder) && (path.length() == folder.length() || path.charAt(folder.length()) == '/');
    }

    private @Nullable Denial checkPolicy(IpAddress peer, @Nullable String host) {
        String shown = Objects.requireNonNullElse(host, "");
        if (!settings.policy().admitsAddress(peer)) {
            return new Denial("ip not in allowed range", "dashboard.access_policy.allowed_cidrs", peer, shown);
        }
        return settings.policy().admitsHost(host)
                ? null
                : new Denial("host not accepted", "dashboard.access_policy.allowed_hosts", peer, shown);
    }
}
