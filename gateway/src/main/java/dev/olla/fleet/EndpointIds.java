package dev.olla.fleet;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The short public ids of endpoints: a hash of the URL, which stays the same when other endpoints come and go.
final class EndpointIds {

    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private EndpointIds() {}

    /// The ids of the endpoints, in their order. Those that would share one get `-0`, `-1` … by name, then by URL.
    static List<String> of(List<EndpointSettings> endpoints) {
        Map<String, List<Integer>> positions = new LinkedHashMap<>();
        for (int i = 0; i < endpoints.size(); i++) {
            String id = hash(sanitised(endpoints.get(i).url()));
            positions.computeIfAbsent(id, _ -> new ArrayList<>()).add(i);
        }
        String[] ids = new String[endpoints.size()];
        Comparator<Integer> order = Comparator.<Integer, String>comparing(
                        i -> endpoints.get(i).name())
                .thenComparing(i -> endpoints.get(i).url().toString());
        positions.forEach((id, sharing) -> {
            sharing.sort(order);
            for (int i = 0; i < sharing.size(); i++) {
                ids[sharing.get(i)] = sharing.size() == 1 ? id : id + '-' + i;
            }
        });
        return List.of(ids);
    }

    /// The URL without userinfo, query and fragment: what may be shown.
    static String sanitised(URI url) {
        String authority = url.getRawAuthority() == null ? "" : url.getRawAuthority();
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT) + "://";
        return scheme + authority.substring(authority.lastIndexOf('@') + 1) + path;
    }

    /// FNV-1a with 32 bits, in base 36.
    static String hash(String text) {
        int hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return Integer.toUnsignedString(hash, 36);
    }
}
