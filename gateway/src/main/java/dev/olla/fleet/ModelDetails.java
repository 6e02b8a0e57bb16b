package dev.olla.fleet;

import dev.olla.fleet.DiscoveredModel.Details;
import dev.olla.http.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a server tells of its models beside its list: one more question to the server, or one for each new model.
///
/// Belongs to one endpoint; called by one run of discovery at a time.
final class ModelDetails {

    private final Endpoint endpoint;
    private final ControlCalls calls;

    /// Digests of the models that the server was asked about.
    private final Set<String> asked = new HashSet<>();

    /// As llama.cpp told it last.
    private String build = "";

    ModelDetails(Endpoint endpoint, Surroundings surroundings) {
        this.endpoint = endpoint;
        this.calls = new ControlCalls(endpoint, surroundings);
    }

    /// The models with what one question about the server adds; as they are where the kind has nothing to ask, or
    /// does not answer. Blocks.
    List<DiscoveredModel> ofServer(BackendProfile kind, List<DiscoveredModel> models, Duration timeout)
            throws InterruptedException {
        if (models.isEmpty()) {
            return models;
        }
        if (kind.listFormat().equals(ModelListFormat.LLAMACPP.word())) {
            ControlCalls.Told told = calls.get("/props", timeout);
            if (told.good()) {
                endpoint.places().reportSlots(told.body().path("total_slots").asInt(0));
                build = told.body().path("build_info").asString("");
            }
            return withProperties(models, told.body());
        }
        if (kind.paths().contains(STATUS)) {
            return withStatus(models, calls.get(STATUS, timeout).body());
        }
        return models;
    }

    /// What the server says its version is, where the profile of its kind makes something depend on that; null
    /// where nothing does, or the server doesn't say. Call it after [#ofServer]. Blocks.
    @Nullable
    String version(BackendProfile kind, Duration timeout) throws InterruptedException {
        if (kind.api().anthropic().minVersion() == null) {
            return null;
        }
        if (kind.listFormat().equals(ModelListFormat.LLAMACPP.word())) {
            return usable(UNNUMBERED_BUILD.matcher(build).find() ? "" : build);
        }
        String path = kind.ollamaNative() ? "/api/version" : "/version";
        return kind.ollamaNative() || kind.paths().contains(path)
                ? usable(calls.get(path, timeout).body().path("version").asString(""))
                : null;
    }

    private static @Nullable String usable(String version) {
        boolean told =
                version.length() <= LONGEST_VERSION && version.chars().anyMatch(each -> each >= '0' && each <= '9');
        return told ? Headers.printable(version) : null;
    }

    /// Builds of a shallow clone, or without one, don't know their number.
    private static final Pattern UNNUMBERED_BUILD = Pattern.compile("^b?[01]\\b");

    private static final int LONGEST_VERSION = 100;

    private static final String STATUS = "/v1/models/status";

    /// llama.cpp: how long a prompt may really be, and whether images are taken. Only where it serves one model.
    private static List<DiscoveredModel> withProperties(List<DiscoveredModel> models, JsonNode properties) {
        if (models.size() > 1) {
            return models;
        }
        long context =
                properties.path("default_generation_settings").path("n_ctx").asLong(0);
        boolean vision = properties.path("modalities").path("vision").asBoolean(false);
        DiscoveredModel model = models.getFirst();
        Details told = model.details();
        return List.of(model.with(told.withMore(
                context > 0 ? context : told.contextLength(),
                told.parameterSize(),
                vision ? List.of("completion", "vision") : told.capabilities())));
    }

    /// oMLX: what is in memory.
    private static List<DiscoveredModel> withStatus(List<DiscoveredModel> models, JsonNode status) {
        Map<String, Boolean> loaded = new HashMap<>();
        for (JsonNode entry : status.path("models")) {
            if (entry.path("id").isString() && entry.path("loaded").isBoolean()) {
                loaded.put(entry.path("id").stringValue(), entry.path("loaded").booleanValue());
            }
        }
        return models.stream()
                .map(model -> {
                    Boolean now = loaded.get(model.name());
                    return now == null ? model : model.with(model.details().inState(now ? "loaded" : "not-loaded"));
                })
                .toList();
    }

    /// Whether the kind tells more of each model than its list does.
    static boolean toldByModel(BackendProfile kind) {
        return kind.listFormat().equals(ModelListFormat.OLLAMA.word());
    }

    /// The models with what the server tells of each; what is known of a digest already is not asked again, here
    /// or on another endpoint. Blocks.
    ///
    /// @param known the details that some endpoint told of a digest; null where none did
    List<DiscoveredModel> ofModels(
            List<DiscoveredModel> models, Function<String, @Nullable Details> known, Duration timeout)
            throws InterruptedException {
        List<DiscoveredModel> richer = new ArrayList<>(models.size());
        for (DiscoveredModel model : models) {
            String digest = model.digest();
            if (digest == null || isTold(model.details())) {
                richer.add(model);
                continue;
            }
            Details told = known.apply(digest);
            richer.add(told == null ? asked(model, digest, timeout) : model.with(merged(model.details(), told)));
        }
        return richer;
    }

    private DiscoveredModel asked(DiscoveredModel model, String digest, Duration timeout) throws InterruptedException {
        if (asked.contains(digest)) {
            return model;
        }
        ObjectNode question = JsonMapper.shared().createObjectNode().put("model", model.name());
        ControlCalls.Told told = calls.post("/api/show", question, timeout);
        if (told.answered()) {
            asked.add(digest); // one that could not be asked is asked in the next run
        }
        return told.good() ? model.with(shown(model.details(), told.body())) : model;
    }

    static boolean isTold(Details details) {
        return !details.capabilities().isEmpty() && details.contextLength() > 0;
    }

    static Details merged(Details own, Details told) {
        return own.withMore(
                own.contextLength() > 0 ? own.contextLength() : told.contextLength(),
                own.parameterSize() == null ? told.parameterSize() : own.parameterSize(),
                own.capabilities().isEmpty() ? told.capabilities() : own.capabilities());
    }

    private static Details shown(Details own, JsonNode shown) {
        JsonNode info = shown.path("model_info");
        String architecture = info.path("general.architecture").asString("");
        long context = info.path(architecture + ".context_length").asLong(0);
        long parameters = info.path("general.parameter_count").asLong(0);
        List<String> capabilities = new ArrayList<>();
        for (JsonNode word : shown.path("capabilities")) {
            if (word.isString()) {
                capabilities.add(word.stringValue());
            }
        }
        String size = own.parameterSize();
        return own.withMore(
                Math.max(0, context), size == null ? ModelListFormat.parameters(parameters) : size, capabilities);
    }
}
