package dev.olla.request.stream;

import dev.olla.http.Headers;
import dev.olla.request.route.RoutingLabel;
import dev.olla.request.send.UpstreamResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes the header fields of a relayed answer: what the server sent, less what concerns only its own connection or
/// could reveal a credential, and what the gateway tells of itself.
public final class AnswerHeaders {

    private final String servedBy;
    private final String via;

    /// @param version of the gateway
    public AnswerHeaders(String version) {
        servedBy = "Olla/" + version;
        via = "1.1 olla/" + version;
    }

    /// @param millis from the arrival of the request to the head of the answer
    public Headers of(UpstreamResponse response, @Nullable String model, @Nullable RoutingLabel label, long millis) {
        Headers headers = new Headers();
        headers.add("X-Olla-Endpoint", Headers.printable(response.endpoint().name()));
        headers.add("X-Olla-Backend-Type", response.endpoint().settings().type());
        if (model != null) {
            headers.add("X-Olla-Model", Headers.printable(model.toLowerCase(Locale.ROOT)));
        }
        headers.add("X-Olla-Response-Time", millis + "ms");
        if (label != null) {
            label.writeTo(headers);
        }
        headers.add("X-Served-By", servedBy);
        copy(response.head().headers(), response.endpoint().extraHeaders(), headers);
        headers.add("Via", via);
        return headers;
    }

    private static void copy(Headers from, Headers configured, Headers to) {
        List<String> connection = from.all("Connection");
        for (int i = 0; i < from.size(); i++) {
            String name = from.name(i);
            if (!isOurs(name) && !dropped(name) && !configured.contains(name) && !named(connection, name)) {
                to.add(name, from.value(i));
            }
        }
    }

    private static boolean named(List<String> connection, String name) {
        for (String options : connection) {
            for (String option : options.split(",", -1)) {
                if (option.strip().equalsIgnoreCase(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// What only the gateway may tell.
    private static boolean isOurs(String name) {
        return name.regionMatches(true, 0, "X-Olla-", 0, 7) || name.equalsIgnoreCase("X-Served-By");
    }

    private static boolean dropped(String name) {
        return switch (name.length()) {
            case 2 -> name.equalsIgnoreCase("TE");
            case 7 -> name.equalsIgnoreCase("Trailer") || name.equalsIgnoreCase("Upgrade");
            case 9 -> name.equalsIgnoreCase("X-Api-Key");
            case 10 ->
                name.equalsIgnoreCase("Connection")
                        || name.equalsIgnoreCase("Keep-Alive")
                        || name.equalsIgnoreCase("Set-Cookie");
            case 12 -> name.equalsIgnoreCase("X-Auth-Token");
            case 13 -> name.equalsIgnoreCase("Authorization");
            case 14 -> name.equalsIgnoreCase("Content-Length");
            case 16 -> name.equalsIgnoreCase("Proxy-Connection");
            case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
            case 18 -> name.equalsIgnoreCase("Proxy-Authenticate");
            case 19 -> name.equalsIgnoreCase("Proxy-Authorization");
            default -> false;
        };
    }
}
