package dev.olla.request.send;

import dev.olla.fleet.Endpoint;
import dev.olla.http.Headers;
import dev.olla.http.HopByHop;
import java.util.Locale;
import java.util.function.Predicate;

/// Makes the header fields for a server: what the client sent, less what concerns only its own connection or is
/// meant for the gateway, and what a gateway adds (RFC 9110 §7.6).
final class OutboundHeaders {

    private final String via;
    private final String product;

    /// @param version of the gateway
    OutboundHeaders(String version) {
        via = "1.1 olla/" + version;
        product = "Olla/" + version;
    }

    /// For a request that was put into another form: what the client says of its own format means nothing there.
    Headers translated(Outgoing outgoing, Endpoint endpoint) {
        return of(outgoing, endpoint, OutboundHeaders::isOfTheFormat)
                .set("Content-Type", "application/json")
                .set("Accept-Encoding", "identity");
    }

    private static boolean isOfTheFormat(String name) {
        return name.regionMatches(true, 0, "anthropic-", 0, 10)
                || name.regionMatches(true, 0, "openai-", 0, 7)
                || name.equalsIgnoreCase("Accept")
                || name.equalsIgnoreCase("Accept-Encoding")
                || name.equalsIgnoreCase("Content-Type")
                || name.equalsIgnoreCase("Content-Encoding");
    }

    /// For a request that goes on as the client made it.
    Headers of(Outgoing outgoing, Endpoint endpoint) {
        Headers headers = of(outgoing, endpoint, _ -> false);
        String upgrade = outgoing.client().upgrade();
        if (upgrade != null) {
            headers.add("Connection", "Upgrade").add("Upgrade", upgrade);
        }
        return headers;
    }

    /// @param dropped the client's fields that don't go along
    private Headers of(Outgoing outgoing, Endpoint endpoint, Predicate<String> dropped) {
        Headers client = outgoing.client().headers();
        Headers headers = new Headers();
        copy(client, headers, dropped);
        headers.add("X-Proxied-By", product);
        append(headers, "Via", via);
        String peer = outgoing.peer().getAddress().getHostAddress();
        headers.setIfAbsent("X-Real-IP", peer);
        append(headers, "X-Forwarded-For", peer);
        headers.setIfAbsent("X-Forwarded-Proto", "http");
        String host = client.first("Host");
        if (host != null) {
            headers.setIfAbsent("X-Forwarded-Host", host);
        }
        if (outgoing.model() != null) {
            headers.set("X-Model", Headers.printable(outgoing.model().toLowerCase(Locale.ROOT)));
        }
        Headers configured = endpoint.extraHeaders();
        for (int i = 0; i < configured.size(); i++) {
            headers.set(configured.name(i), configured.value(i));
        }
        return headers;
    }

    private static void copy(Headers from, Headers to, Predicate<String> dropped) {
        HopByHop hopByHop = HopByHop.of(from);
        for (int i = 0; i < from.size(); i++) {
            String name = from.name(i);
            if (!hopByHop.contains(name) && !isForTheGateway(name) && !dropped.test(name)) {
                to.addFrom(from, i);
            }
        }
    }

    private static void append(Headers headers, String name, String value) {
        String before = headers.first(name);
        if (before == null) {
            headers.add(name, value);
            return;
        }
        headers.set(name, String.join(", ", headers.all(name)) + ", " + value);
    }

    /// What the gateway answers itself or makes anew, and the client's credentials, which go no further.
    private static boolean isForTheGateway(String name) {
        return switch (name.length()) {
            case 4 -> name.equalsIgnoreCase("Host");
            case 6 -> name.equalsIgnoreCase("Cookie") || name.equalsIgnoreCase("Expect");
            case 9 -> name.equalsIgnoreCase("X-Api-Key");
            case 12 -> name.equalsIgnoreCase("X-Auth-Token");
            case 13 -> name.equalsIgnoreCase("Authorization") || name.equalsIgnoreCase("X-Olla-Target");
            default -> false;
        };
    }
}
