package dev.olla.config;

import dev.olla.fleet.AnswerFormulas;
import dev.olla.fleet.ConcurrencyLimit;
import dev.olla.fleet.DetectionHints;
import dev.olla.fleet.MetricsExtraction;
import dev.olla.fleet.ModelNeeds;
import dev.olla.fleet.ModelPatterns;
import dev.olla.fleet.ModelPatterns.ContextPattern;
import dev.olla.fleet.ModelSize;
import dev.olla.fleet.PathIndices;
import dev.olla.fleet.ProfileDetails;
import dev.olla.fleet.ResourceProfile;
import dev.olla.fleet.TimeoutScaling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the part of a profile that only few requests need.
final class ProfileDetailsReader {

    private static final Range COUNT = Range.atLeast(0);
    private static final Range INDEX = Range.atLeast(-1);

    private ProfileDetailsReader() {}

    static ProfileDetails read(Section root) {
        return read(root, false);
    }

    /// Reports what a profile file says wrongly; expressions take their time to be checked.
    static void check(Section root) {
        ProfileDetails _ = read(root, true);
    }

    private static ProfileDetails read(Section root, boolean expressions) {
        return new ProfileDetails(
                models(root.section("models")),
                resources(root.section("resources")),
                new AnswerFormulas(metrics(root.section("metrics").section("extraction"), expressions)),
                detection(root.section("detection")),
                indices(root.section("path_indices")));
    }

    private static ModelPatterns models(Section models) {
        models.ignore("name_format", "provider_prefixes");
        Section patterns = models.section("capability_patterns");
        Map<String, List<String>> capabilities = new LinkedHashMap<>();
        for (String capability : patterns.names()) {
            capabilities.put(capability, patterns.texts(capability, List.of()));
        }
        List<ContextPattern> contexts = new ArrayList<>();
        for (Section context : items(models, "context_patterns")) {
            contexts.add(new ContextPattern(context.text("pattern", ""), context.integer("context", 0, COUNT)));
        }
        return new ModelPatterns(capabilities, contexts);
    }

    private static ResourceProfile resources(Section resources) {
        resources.ignore("slot_configuration");
        List<ModelSize> sizes = new ArrayList<>();
        for (Section size : items(resources, "model_sizes")) {
            size.ignore("notes");
            sizes.add(new ModelSize(lowerCase(size.texts("patterns", List.of())), needs(size)));
        }
        Section defaults = resources.section("defaults");
        return new ResourceProfile(
                sizes,
                multipliers(resources.section("quantization").section("multipliers")),
                needs(defaults),
                defaults.bool("requires_gpu", false),
                limits(resources),
                scaling(resources.section("timeout_scaling")));
    }

    private static List<String> lowerCase(List<String> texts) {
        return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
    }

    private static Map<String, Double> multipliers(Section section) {
        Map<String, Double> multipliers = new LinkedHashMap<>();
        section.names().forEach(name -> multipliers.put(name, section.decimal(name, 1)));
        return multipliers;
    }

    private static ModelNeeds needs(Section section) {
        return new ModelNeeds(
                section.decimal("min_memory_gb", 0),
                section.decimal("recommended_memory_gb", 0),
                section.decimal("min_gpu_memory_gb", 0),
                Duration.ofMillis(section.integer("estimated_load_time_ms", 0, COUNT)));
    }

    /// The rows of `concurrency_limits` of a section.
    static List<ConcurrencyLimit> limits(Section resources) {
        List<ConcurrencyLimit> limits = new ArrayList<>();
        for (Section row : items(resources, "concurrency_limits")) {
            limits.add(new ConcurrencyLimit(row.decimal("min_memory_gb", 0), row.integer("max_concurrent", 0, COUNT)));
        }
        return limits;
    }

    private static TimeoutScaling scaling(Section section) {
        section.ignore("per_token_timeout_ms");
        return new TimeoutScaling(
                Duration.ofSeconds(section.integer("base_timeout_seconds", 0, COUNT)),
                section.bool("load_time_buffer", false));
    }

    private static MetricsExtraction metrics(Section section, boolean expressions) {
        MetricsExtraction standard = MetricsExtraction.NONE;
        Section paths = section.section("paths");
        Section calculations = section.section("calculations");
        MetricsExtraction read = new MetricsExtraction(
                section.bool("enabled", standard.enabled()),
                section.text("source", standard.source()),
                section.text("format", standard.format()),
                texts(paths),
                texts(calculations),
                texts(section.section("headers")));
        read.paths().forEach((name, path) -> {
            if (!AnswerFormulas.isPath(path)) {
                paths.error(name, "this is no path such as $.usage.tokens or $.choices[0].text");
            }
        });
        if (expressions) {
            read.calculations().forEach((name, text) -> {
                String mistake = AnswerFormulas.mistakeIn(text);
                if (mistake != null) {
                    calculations.error(name, mistake);
                }
            });
        }
        return read;
    }

    private static Map<String, String> texts(Section section) {
        Map<String, String> texts = new LinkedHashMap<>();
        section.names().forEach(name -> texts.put(name, section.text(name, "")));
        return texts;
    }

    private static DetectionHints detection(Section section) {
        section.ignore("response_headers", "server_signatures");
        List<Integer> ports = new ArrayList<>();
        for (String port : section.texts("default_ports", List.of())) {
            Integer number = port(port);
            if (number == null) {
                section.error("default_ports", "every item must be a port from 1 to 65535");
            } else {
                ports.add(number);
            }
        }
        return new DetectionHints(
                section.texts("user_agent_patterns", List.of()),
                section.texts("headers", List.of()),
                section.texts("response_patterns", List.of()),
                paths(section),
                ports);
    }

    private static List<String> paths(Section section) {
        List<String> paths = section.texts("path_indicators", List.of());
        if (!paths.stream().allMatch(path -> path.matches("/[!-~&&[^#]]*"))) {
            section.error("path_indicators", "every item must be a path that begins with /");
            return List.of();
        }
        return paths;
    }

    private static @Nullable Integer port(String text) {
        boolean port = text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65_535;
        return port ? Integer.valueOf(text) : null;
    }

    private static PathIndices indices(Section section) {
        section.names().forEach(section::ignore);
        return new PathIndices(
                section.integer("health", 0, INDEX),
                section.integer("models", 0, INDEX),
                section.integer("completions", 0, INDEX),
                section.integer("chat_completions", 0, INDEX),
                section.integer("embeddings", 0, INDEX));
    }

    private static List<Section> items(Section section, String key) {
        List<Section> items = section.sections(key);
        return items == null ? List.of() : items;
    }
}
