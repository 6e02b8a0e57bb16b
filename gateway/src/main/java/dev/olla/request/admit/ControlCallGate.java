package dev.olla.request.admit;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets calls that change the gateway come only from its own machine, and from no web page but its own.
///
/// A reverse proxy on the same machine makes everybody a neighbour, so what came through one is refused; a page
/// elsewhere can make a browser on this machine call, so a foreign `Origin` or a foreign name in `Host` is too.
public final class ControlCallGate {

    private static final Logger LOG = LoggerFactory.getLogger(ControlCallGate.class);
    private static final List<String> FORWARDING = List.of("X-Forwarded-For", "Forwarded", "X-Real-IP");

    private final DashboardSettings settings;

    public ControlCallGate(DashboardSettings settings) {
        this.settings = settings;
    }

    /// The handler behind this gate.
    public Consumer<Exchange> guard(Consumer<Exchange> handler) {
        return exchange -> {
            String refusal = refusal(exchange);
            if (refusal == null) {
                handler.accept(exchange);
                return;
            }
            LOG.atWarn()
                    .addKeyValue("path", exchange.path())
                    .addKeyValue("client", ClientAddresses.peer(exchange))
                    .addKeyValue("reason", refusal)
                    .log("Control call refused");
            ErrorAnswer.respond(exchange, 403, "forbidden", "403 forbidden: " + refusal);
        };
    }

    /// Why the call is not taken, in words for its caller; null when it is.
    public @Nullable String refusal(Exchange exchange) {
        return refusal(ClientAddresses.peer(exchange), exchange.request().headers());
    }

    @Nullable
    String refusal(IpAddress peer, Headers headers) {
        if (!admitsAddress(peer)) {
            return settings.gateInternalApi()
                    ? "control calls are taken from this machine and dashboard.access_policy.allowed_cidrs only"
                    : "control calls are taken from this machine only";
        }
        for (String name : FORWARDING) {
            if (headers.contains(name)) {
                return "control calls are not taken through a proxy, and this one has " + name;
            }
        }
        String host = headers.first("Host");
        String bare = AccessPolicy.bareHost(host);
        if (!bare.equals("localhost") && !settings.policy().admitsHost(host)) {
            return "control calls need an IP address, localhost or one of dashboard.access_policy.allowed_hosts as Host";
        }
        return headers.all("Origin").stream().allMatch(origin -> isOwn(origin, host))
                ? null
                : "control calls are not taken from pages of another origin";
    }

    private boolean admitsAddress(IpAddress peer) {
        return peer.isLoopback()
                || (settings.gateInternalApi() && settings.policy().admitsAddress(peer));
    }

    /// Whether the page came from this gateway: same name, same port, no TLS, which the gateway doesn't speak.
    private static boolean isOwn(String origin, @Nullable String host) {
        String own = host == null ? "" : host.strip().toLowerCase(Locale.ROOT);
        return !own.isEmpty() && origin.strip().toLowerCase(Locale.ROOT).equals("http://" + withoutDefaultPort(own));
    }

    private static String withoutDefaultPort(String host) {
        return host.endsWith(":80") ? host.substring(0, host.length() - 3) : host;
    }
}
