package dev.olla.config;

import dev.olla.fleet.BackendProfile;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Reads one profile; keys that nothing acts on yet are known and silent.
final class ProfileReader {

    /// What is read of a profile at start. They come first in our own files, and reading stops behind them: the rest of
    /// a file is three quarters of it.
    static final Set<String> KEYS = Set.of("name", "display_name", "routing", "api", "characteristics", "request");

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private ProfileReader() {}

    static BackendProfile read(Section root) {
        root.ignore("version", "description", "home", "detection", "models", "resources", "path_indices", "metrics");
        root.ignore("features", "security", "performance", "deployment", "olla_integration");
        Section api = root.section("api");
        api.ignore("anthropic_support", "metrics_path", "props_path", "slots_path", "stats_path");
        Section characteristics = root.section("characteristics");
        characteristics.ignore("max_concurrent_requests", "default_priority", "streaming_support", "auth");
        characteristics.ignore("single_model_server");
        Section request = root.section("request");
        request.ignore("model_field_paths", "parsing_rules");
        String name = root.text("name", "");
        return new BackendProfile(
                name,
                root.text("display_name", name),
                root.section("routing").texts("prefixes", List.of()),
                api.bool("openai_compatible", false),
                api.texts("paths", List.of()),
                api.text("model_discovery_path", "/v1/models"),
                api.text("health_check_path", "/"),
                request.text("response_format", "openai"),
                characteristics.duration("timeout", TIMEOUT));
    }
}
