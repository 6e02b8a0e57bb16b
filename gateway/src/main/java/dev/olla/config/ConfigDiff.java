package dev.olla.config;

import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.EndpointSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// What differs between two configurations.
public final class ConfigDiff {

    private ConfigDiff() {}

    /// The paths of the keys whose values differ, never the values, which may be secret.
    ///
    /// An endpoint goes by its name, as in `discovery.static.endpoints[gpu].priority`. One that came or went is one
    /// path, without a key.
    public static List<String> of(Config before, Config after) {
        List<String> changed = new ArrayList<>(before.resolved().changedTo(after.resolved()));
        for (EndpointSettings endpoint : after.endpoints()) {
            String path = "discovery.static.endpoints[" + endpoint.name() + "]";
            boolean named = changed.stream().anyMatch(key -> key.startsWith(path));
            if (!named && before.endpoints().stream().anyMatch(other -> isOtherVersion(other, endpoint))) {
                changed.add(path);
            }
        }
        if (!before.profiles().models().equals(after.profiles().models())) {
            changed.add("models.yaml");
        }
        boolean filtered = changed.stream().anyMatch(key -> key.startsWith("proxy.profile_filter."));
        changed.addAll(
                changedProfiles(before.profiles().byName(), after.profiles().byName(), filtered));
        return List.copyOf(changed);
    }

    /// @param filtered whether what came or went may have done so by the filter, and has not changed then
    private static List<String> changedProfiles(
            Map<String, BackendProfile> before, Map<String, BackendProfile> after, boolean filtered) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        if (filtered) {
            names.removeIf(name -> !before.containsKey(name) || !after.containsKey(name));
        }
        return names.stream()
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .map(name -> "profiles." + name)
                .toList();
    }

    /// What a key points to may change while the key doesn't: a secret in a file or a variable.
    private static boolean isOtherVersion(EndpointSettings before, EndpointSettings after) {
        return before.name().equals(after.name()) && !before.equals(after);
    }
}
