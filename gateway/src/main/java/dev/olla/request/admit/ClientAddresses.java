package dev.olla.request.admit;

import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells from which address a request comes: the socket's other end, or whom a trusted proxy names.
///
/// Each proxy appends whom it saw to `X-Forwarded-For`, so the list is read from its end: the first address that is
/// not itself a trusted proxy is the client, and what stands before it is only that client's word.
public final class ClientAddresses {

    private static final IpAddress UNKNOWN = new IpAddress(0, 0);

    private final boolean trusting;
    private final List<IpNetwork> trusted;

    public ClientAddresses(RateLimitSettings settings) {
        trusting = settings.trustProxyHeaders();
        trusted = settings.trustedProxies();
    }

    public IpAddress of(Exchange exchange) {
        return of(peer(exchange), exchange.request().headers());
    }

    /// The socket's other end; the unspecified address where there is none.
    static IpAddress peer(Exchange exchange) {
        InetSocketAddress peer = exchange.peer();
        InetAddress address = peer.getAddress();
        return address == null ? UNKNOWN : IpAddress.of(address);
    }

    IpAddress of(IpAddress peer, Headers headers) {
        if (!trusting || !isTrusted(peer)) {
            return peer;
        }
        IpAddress oldest = null;
        String named = String.join(",", headers.all("X-Forwarded-For"));
        int comma;
        for (int end = named.length(); end >= 0; end = comma) {
            comma = named.lastIndexOf(',', end - 1);
            String element = named.substring(comma + 1, end).strip();
            if (element.isEmpty()) {
                continue;
            }
            IpAddress address = address(element);
            if (address == null) {
                // Who wrote this can't be followed any further.
                return realIp(headers, peer);
            }
            if (!isTrusted(address)) {
                return address;
            }
            oldest = address;
        }
        // All of them are within the trusted networks, as clients in one's own house are.
        return realIp(headers, oldest == null ? peer : oldest);
    }

    private static IpAddress realIp(Headers headers, IpAddress otherwise) {
        String sent = headers.first("X-Real-IP");
        IpAddress named = sent == null ? null : address(sent.strip());
        return named == null ? otherwise : named;
    }

    private boolean isTrusted(IpAddress address) {
        for (IpNetwork network : trusted) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /// Reads an address that may have a port behind it, an IPv6 one with a port stands in brackets.
    private static @Nullable IpAddress address(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 || !isPort(text.substring(end + 1)) ? null : IpAddress.parse(text.substring(1, end));
        }
        int colon = text.indexOf(':');
        boolean withPort = colon > 0 && colon == text.lastIndexOf(':');
        if (!withPort) {
            return IpAddress.parse(text);
        }
        return isPort(text.substring(colon)) ? IpAddress.parse(text.substring(0, colon)) : null;
    }

    /// Nothing, or a colon with digits.
    private static boolean isPort(String text) {
        return text.isEmpty()
                || (text.length() > 1
                        && text.charAt(0) == ':'
                        && text.chars().skip(1).allMatch(c -> c >= '0' && c <= '9'));
    }
}
