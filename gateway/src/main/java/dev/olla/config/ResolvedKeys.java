package dev.olla.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Every key with what it has come to: by a variable, by the file, or by default. Values may be secret and are only
/// compared.
///
/// An endpoint goes by its name, `discovery.static.endpoints[gpu].priority`, so that it is the same one wherever it
/// stands in the list.
public final class ResolvedKeys {

    static final ResolvedKeys NONE = new ResolvedKeys(Map.of());

    private static final String ENDPOINTS = "discovery.static.endpoints";
    private static final Pattern ITEM = Pattern.compile("(discovery\\.static\\.endpoints\\[)(\\d+)(])(.*)");

    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<String> endpoints = new ArrayList<>();

    ResolvedKeys(Map<String, Object> byPosition) {
        byPosition.forEach((path, value) -> {
            Matcher item = ITEM.matcher(path);
            if (!item.matches()) {
                values.put(path, value);
                return;
            }
            Object name = byPosition.get(ENDPOINTS + "[" + item.group(2) + "].name");
            String endpoint = ENDPOINTS + "[" + (name == null ? item.group(2) : name) + "]";
            if (!endpoints.contains(endpoint)) {
                endpoints.add(endpoint);
            }
            values.put(endpoint + item.group(4), value);
        });
    }

    /// The keys whose values differ. An endpoint that came or went is one entry, and so is a new order of the same
    /// ones.
    List<String> changedTo(ResolvedKeys after) {
        Set<String> changed = new LinkedHashSet<>();
        Set<String> paths = new LinkedHashSet<>(values.keySet());
        paths.addAll(after.values.keySet());
        for (String path : paths) {
            if (!Objects.equals(values.get(path), after.values.get(path))) {
                changed.add(after.endpointThatIsNotIn(this, endpointThatIsNotIn(after, path)));
            }
        }
        if (!endpoints.equals(after.endpoints) && Set.copyOf(endpoints).equals(Set.copyOf(after.endpoints))) {
            changed.add(ENDPOINTS);
        }
        return List.copyOf(changed);
    }

    /// The endpoint that the path belongs to if only this side has it, else the path.
    private String endpointThatIsNotIn(ResolvedKeys other, String path) {
        for (String endpoint : endpoints) {
            if (path.startsWith(endpoint + ".") && !other.endpoints.contains(endpoint)) {
                return endpoint;
            }
        }
        return path;
    }

    /// Shows no value.
    @Override
    public String toString() {
        return values.size() + " keys";
    }
}
