package dev.olla.request.admit;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// From where, and under which names of the gateway, its inner pages may be seen.
///
/// The name matters because a page elsewhere can make a browser send requests here under a name of its own choice;
/// an IP literal can't be chosen that way.
///
/// @param allowedCidrs networks of clients
/// @param allowedHosts names in `Host`, in lower case, without a port
public record AccessPolicy(List<IpNetwork> allowedCidrs, Set<String> allowedHosts) {

    public AccessPolicy {
        allowedCidrs = List.copyOf(allowedCidrs);
        allowedHosts = allowedHosts.stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean admitsAddress(IpAddress address) {
        for (IpNetwork network : allowedCidrs) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /// @param host a `Host` field as sent; null where there is none
    boolean admitsHost(@Nullable String host) {
        String name = bareHost(host);
        return isLiteral(name) || allowedHosts.contains(name);
    }

    static boolean isLiteral(String host) {
        return IpAddress.parse(host) != null;
    }

    /// The host in lower case, without brackets and port; empty where there is none.
    static String bareHost(@Nullable String host) {
        String sent = host == null ? "" : host.strip().toLowerCase(Locale.ROOT);
        if (sent.startsWith("[")) {
            int end = sent.indexOf(']');
            return end < 0 ? sent : sent.substring(1, end);
        }
        int colon = sent.indexOf(':');
        return colon < 0 || colon != sent.lastIndexOf(':') ? sent : sent.substring(0, colon);
    }
}
