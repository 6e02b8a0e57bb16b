package dev.olla.config;

import dev.olla.request.admit.IpNetwork;
import java.util.ArrayList;
import java.util.List;

/// Reads lists of networks in CIDR notation; a mistake means the default.
final class NetworkReader {

    private NetworkReader() {}

    static List<IpNetwork> read(Section section, String key, List<IpNetwork> standard) {
        List<String> shown = standard.stream().map(IpNetwork::toString).toList();
        List<IpNetwork> networks = new ArrayList<>();
        boolean mistaken = false;
        for (String text : section.texts(key, shown)) {
            IpNetwork network = IpNetwork.parse(text);
            if (network == null) {
                mistaken = true;
                section.error(
                        key,
                        Secrets.shown(text) + " is no network: write one such as 10.0.0.0/8 or fd00::/8"
                                + singleAddress(text));
            } else {
                networks.add(network);
            }
        }
        return mistaken ? standard : networks;
    }

    private static String singleAddress(String text) {
        for (String suffix : List.of("/32", "/128")) {
            IpNetwork network = IpNetwork.parse(text + suffix);
            if (network != null && network.length() == 128) {
                return ", or " + network + " for this one address";
            }
        }
        return "";
    }
}
