package dev.olla.http;

import java.util.List;

/// The fields of one connection, which an intermediary doesn't pass on (RFC 9110 §7.6.1), framing included.
public final class HopByHop {

    private final List<String> connection;

    private HopByHop(List<String> connection) {
        this.connection = connection;
    }

    /// For the message with these fields: what its `Connection` names is not passed on either.
    public static HopByHop of(Headers headers) {
        return new HopByHop(headers.all("Connection"));
    }

    public boolean contains(String name) {
        return isAlways(name) || isNamed(name);
    }

    private static boolean isAlways(String name) {
        return switch (name.length()) {
            case 2 -> name.equalsIgnoreCase("TE");
            case 7 -> name.equalsIgnoreCase("Trailer") || name.equalsIgnoreCase("Upgrade");
            case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
            case 14 -> name.equalsIgnoreCase("Content-Length");
            case 16 -> name.equalsIgnoreCase("Proxy-Connection");
            case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
            case 18 -> name.equalsIgnoreCase("Proxy-Authenticate");
            case 19 -> name.equalsIgnoreCase("Proxy-Authorization");
            default -> false;
        };
    }

    private boolean isNamed(String name) {
        for (String options : connection) {
            for (String option : options.split(",", -1)) {
                if (option.strip().equalsIgnoreCase(name)) {
                    return true;
                }
            }
        }
        return false;
    }
}
