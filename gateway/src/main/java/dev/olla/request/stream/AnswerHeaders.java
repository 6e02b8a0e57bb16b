package dev.olla.request.stream;

import dev.olla.fleet.Endpoint;
import dev.olla.http.Headers;
import dev.olla.http.HopByHop;
import dev.olla.http.TrailerFields;
import dev.olla.request.route.RoutingLabel;
import dev.olla.request.send.UpstreamResponse;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes the header fields of a relayed answer: what the server sent, less what concerns only its own connection or
/// could reveal a credential, and what the gateway tells of itself.
public final class AnswerHeaders {

    private final String servedBy;
    private final String via;
    private final boolean corsEnabled;

    /// @param version of the gateway
    /// @param corsEnabled whether the gateway tells browsers what is allowed, so that a server's word doesn't count
    public AnswerHeaders(String version, boolean corsEnabled) {
        this.corsEnabled = corsEnabled;
        servedBy = "Olla/" + version;
        via = "1.1 olla/" + version;
    }

    /// @param standing what every answer to the request carries: the server's own fields of those names are left
    ///     out
    /// @param millis from the arrival of the request to the head of the answer
    public Headers of(
            Headers standing,
            UpstreamResponse response,
            @Nullable String model,
            @Nullable RoutingLabel label,
            long millis) {
        Headers headers = ours(response.endpoint(), model, label, millis);
        copy(response.head().headers(), response.endpoint().extraHeaders(), standing, headers);
        headers.add("Via", via);
        return headers;
    }

    /// For an answer that is told in another format than the server's: of its fields only those count that tell
    /// clients when to come again.
    ///
    /// @param from the server's fields; empty where it has not answered yet
    public Headers translated(
            Endpoint endpoint, Headers from, @Nullable String model, @Nullable RoutingLabel label, long millis) {
        Headers headers = ours(endpoint, model, label, millis);
        headers.add("X-Olla-Mode", "translation");
        for (int i = 0; i < from.size(); i++) {
            if (isOfLimits(from.name(i))) {
                headers.add(from.name(i), from.value(i));
            }
        }
        headers.add("Via", via);
        return headers;
    }

    private static boolean isOfLimits(String name) {
        return name.equalsIgnoreCase("Retry-After")
                || name.regionMatches(true, 0, "X-RateLimit-", 0, 12)
                || name.regionMatches(true, 0, "RateLimit", 0, 9);
    }

    private Headers ours(Endpoint endpoint, @Nullable String model, @Nullable RoutingLabel label, long millis) {
        Headers headers = new Headers();
        headers.add("X-Olla-Endpoint", Headers.printable(endpoint.name()));
        headers.add("X-Olla-Backend-Type", endpoint.settings().type());
        if (model != null) {
            headers.add("X-Olla-Model", Headers.printable(model.toLowerCase(Locale.ROOT)));
        }
        headers.add("X-Olla-Response-Time", millis + "ms");
        if (label != null) {
            label.writeTo(headers);
        }
        headers.add("X-Served-By", servedBy);
        return headers;
    }

    /// The fields after a body, less those that mean something only before it or could reveal a credential.
    ///
    /// @param configured the endpoint's own fields
    static Headers trailers(Headers from, Headers configured) {
        Headers allowed = TrailerFields.allowed(from);
        Headers trailers = new Headers();
        for (int i = 0; i < allowed.size(); i++) {
            String name = allowed.name(i);
            if (!isOurs(name) && !configured.contains(name)) {
                trailers.add(name, allowed.value(i));
            }
        }
        return trailers;
    }

    private void copy(Headers from, Headers configured, Headers standing, Headers to) {
        HopByHop hopByHop = HopByHop.of(from);
        for (int i = 0; i < from.size(); i++) {
            String name = from.name(i);
            if (!isOurs(name, standing) && !isSecret(name) && !hopByHop.contains(name) && !configured.contains(name)) {
                to.addFrom(from, i);
            }
        }
    }

    /// What only the gateway may tell, or tells in the server's place. `Vary` adds up.
    private boolean isOurs(String name, Headers standing) {
        return isOurs(name)
                || (standing.contains(name) && !name.equalsIgnoreCase("Vary"))
                || (corsEnabled && name.regionMatches(true, 0, "Access-Control-", 0, 15));
    }

    private static boolean isOurs(String name) {
        return name.regionMatches(true, 0, "X-Olla-", 0, 7) || name.equalsIgnoreCase("X-Served-By");
    }

    /// What could reveal a credential.
    private static boolean isSecret(String name) {
        return switch (name.length()) {
            case 9 -> name.equalsIgnoreCase("X-Api-Key");
            case 10 -> name.equalsIgnoreCase("Set-Cookie");
            case 12 -> name.equalsIgnoreCase("X-Auth-Token");
            case 13 -> name.equalsIgnoreCase("Authorization");
            default -> false;
        };
    }
}
