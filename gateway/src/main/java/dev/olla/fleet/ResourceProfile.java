package dev.olla.fleet;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What models need on a kind of server, estimated from their names.
///
/// @param sizes the first that fits a name counts
/// @param multipliers of memory, by a part of the name that tells the quantisation; the longest that fits counts
/// @param defaults of a model whose name tells no size
/// @param concurrencyLimits in the order of the profile
public record ResourceProfile(
        List<ModelSize> sizes,
        Map<String, Double> multipliers,
        ModelNeeds defaults,
        boolean requiresGpu,
        List<ConcurrencyLimit> concurrencyLimits,
        TimeoutScaling timeoutScaling) {

    public static final ResourceProfile NONE =
            new ResourceProfile(List.of(), Map.of(), ModelNeeds.NONE, false, List.of(), TimeoutScaling.NONE);

    public ResourceProfile {
        sizes = List.copyOf(sizes);
        multipliers = Collections.unmodifiableMap(new LinkedHashMap<>(multipliers));
        concurrencyLimits = List.copyOf(concurrencyLimits);
    }

    /// All zero where the profile tells nothing.
    public ModelNeeds needs(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        ModelNeeds needs = defaults;
        for (ModelSize size : sizes) {
            if (size.fits(name)) {
                needs = size.needs();
                break;
            }
        }
        return needs.withMemoryTimes(multiplier(name));
    }

    private double multiplier(String name) {
        String longest = "";
        double multiplier = 1;
        for (Map.Entry<String, Double> entry : multipliers.entrySet()) {
            String part = entry.getKey();
            if (part.length() > longest.length() && name.contains(part.toLowerCase(Locale.ROOT))) {
                longest = part;
                multiplier = entry.getValue();
            }
        }
        return multiplier;
    }
}
