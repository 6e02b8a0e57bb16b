package dev.olla.config;

import dev.olla.fleet.ModelAliases;
import dev.olla.request.route.RoutingSettings;
import dev.olla.request.route.RoutingSettings.Fallback;
import dev.olla.request.route.RoutingSettings.Strategy;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads `model_registry.routing_strategy` and `model_aliases`.
final class RoutingReader {

    private static final List<String> STRATEGIES = List.of("strict", "optimistic", "discovery");
    private static final List<String> FALLBACKS = List.of("compatible_only", "none", "all");

    private RoutingReader() {}

    static RoutingSettings read(Section registry, Section aliases) {
        RoutingSettings standard = RoutingSettings.DEFAULTS;
        Section section = registry.section("routing_strategy");
        Strategy strategy = Strategy.valueOf(
                section.oneOfOrDefault("type", "strict", STRATEGIES).toUpperCase(Locale.ROOT));
        Section options = section.section("options");
        return new RoutingSettings(
                strategy,
                fallback(options, strategy),
                timeout(options, standard.discoveryTimeout()),
                options.bool("discovery_refresh_on_miss", standard.refreshOnMiss()),
                aliases(aliases));
    }

    /// An empty text stands for what suits the strategy.
    private static Fallback fallback(Section options, Strategy strategy) {
        boolean empty = options.has("fallback_behavior")
                && options.text("fallback_behavior", "compatible_only").isEmpty();
        if (empty) {
            return strategy == Strategy.DISCOVERY ? Fallback.ALL : Fallback.COMPATIBLE_ONLY;
        }
        return Fallback.valueOf(
                options.oneOf("fallback_behavior", "compatible_only", FALLBACKS).toUpperCase(Locale.ROOT));
    }

    private static Duration timeout(Section options, Duration standard) {
        Duration written = options.signedDuration("discovery_timeout", standard);
        if (written.isPositive()) {
            return written;
        }
        options.warning("discovery_timeout", "must be more than zero; " + DurationText.of(standard) + " is used");
        options.resolved("discovery_timeout", standard);
        return standard;
    }

    private static ModelAliases aliases(Section aliases) {
        Map<String, List<String>> modelsByAlias = new LinkedHashMap<>();
        Map<String, String> spellings = new LinkedHashMap<>();
        for (String name : aliases.names()) {
            // What is no list is reported by itself, and then passes for one.
            List<String> models = aliases.texts(name, List.of("?"));
            String other = spellings.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            if (other != null) {
                aliases.error(name, "differs from the alias " + other + " in letter case only");
            }
            check(aliases, name, models);
            modelsByAlias.put(name, models);
        }
        return new ModelAliases(modelsByAlias);
    }

    private static void check(Section aliases, String name, List<String> models) {
        if (name.isBlank() || !name.equals(name.strip())) {
            aliases.error(name, "an alias needs a name, without spaces around it");
        } else if (models.isEmpty()) {
            aliases.error(name, "an alias needs at least one model");
        } else if (models.stream().anyMatch(String::isBlank)) {
            aliases.error(name, "a model of an alias needs a name");
        }
        if (new HashSet<>(models).size() < models.size()) {
            aliases.warning(name, "a model is listed twice");
        }
    }
}
