package dev.olla.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Finds the addresses of a host by the operating system's own rules, on a virtual thread since that blocks.
final class HostResolver {

    /// Answers on the loop with the addresses in the system's order; an empty list means that the host is unknown.
    void resolve(Loop loop, Origin origin, Consumer<List<InetSocketAddress>> answer) {
        if (isAddress(origin.host())) {
            answer.accept(lookUp(origin));
            return;
        }
        Thread.ofVirtual().name("resolve-" + origin.host()).start(() -> {
            List<InetSocketAddress> addresses = lookUp(origin);
            loop.execute(() -> answer.accept(addresses));
        });
    }

    /// Literal addresses need no look-up.
    static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private static List<InetSocketAddress> lookUp(Origin origin) {
        try {
            List<InetSocketAddress> addresses = new ArrayList<>(2);
            for (InetAddress address : InetAddress.getAllByName(origin.host())) {
                addresses.add(new InetSocketAddress(address, origin.port()));
            }
            return addresses;
        } catch (UnknownHostException _) {
            return List.of();
        }
    }
}
