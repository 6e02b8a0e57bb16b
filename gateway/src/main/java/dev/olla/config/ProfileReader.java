package dev.olla.config;

import dev.olla.fleet.AnthropicSupport;
import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.Characteristics;
import dev.olla.fleet.ParsingRules;
import dev.olla.fleet.ProfileApi;
import dev.olla.fleet.ProfileDetails;
import dev.olla.fleet.WrittenValues;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Reads the part of a profile that every start needs; [ProfileDetailsReader] reads the rest.
final class ProfileReader {

    /// What is read of a built-in profile at start. They come first in our own files, and reading stops behind
    /// them: the rest of a file is three quarters of it.
    static final Set<String> KEYS = Set.of("name", "display_name", "routing", "api", "characteristics", "request");

    private static final Range COUNT = Range.atLeast(0);

    private ProfileReader() {}

    /// Reports what a profile file says wrongly.
    static void check(Section root) {
        read(root, WrittenValues.NONE, new ProfileDetails.Known(ProfileDetails.NONE));
    }

    static BackendProfile read(Section root, WrittenValues written, Supplier<ProfileDetails> later) {
        root.ignore("version", "description", "home");
        root.ignore("features", "security", "performance", "deployment", "olla_integration");
        String name = root.text("name", "");
        return new BackendProfile(
                name,
                root.text("display_name", name),
                root.section("routing").texts("prefixes", List.of()),
                api(root.section("api")),
                parsing(root.section("request")),
                characteristics(root.section("characteristics")),
                written,
                later);
    }

    private static ProfileApi api(Section api) {
        api.ignore("metrics_path", "props_path", "slots_path", "stats_path");
        return new ProfileApi(
                api.bool("openai_compatible", false),
                api.texts("paths", List.of()),
                api.text("model_discovery_path", "/v1/models"),
                api.text("health_check_path", "/"),
                anthropic(api.section("anthropic_support")),
                new LinkedHashSet<>(api.texts("extensions", List.of())));
    }

    private static AnthropicSupport anthropic(Section anthropic) {
        return new AnthropicSupport(
                anthropic.bool("enabled", false),
                anthropic.text("messages_path", AnthropicSupport.MESSAGES),
                anthropic.bool("token_count", false),
                anthropic.optionalText("min_version"),
                anthropic.texts("limitations", List.of()));
    }

    private static ParsingRules parsing(Section request) {
        request.ignore("model_field_paths");
        Section rules = request.section("parsing_rules");
        rules.names().forEach(rules::ignore);
        return new ParsingRules(
                request.text("response_format", ParsingRules.OPENAI),
                rules.optionalText("chat_completions_path"),
                rules.optionalText("completions_path"),
                rules.optionalText("generate_path"),
                rules.optionalText("embeddings_path"));
    }

    private static Characteristics characteristics(Section section) {
        section.ignore("auth", "single_model_server");
        Characteristics standard = Characteristics.DEFAULTS;
        return new Characteristics(
                section.duration("timeout", standard.timeout()),
                section.integer("max_concurrent_requests", standard.maxConcurrentRequests(), COUNT),
                section.integer("default_priority", standard.defaultPriority(), COUNT),
                section.bool("streaming_support", standard.streaming()));
    }
}
