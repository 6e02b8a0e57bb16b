package dev.olla.fleet;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// What distinguishes one kind of inference server from the others; read from `profiles/*.yaml`.
///
/// @param name the canonical type, for instance `lm-studio`
/// @param displayName for people
/// @param prefixes each opens a route `/olla/<prefix>/`
/// @param api what the kind serves, and where
/// @param parsing where in its API the kind takes which sort of request
/// @param characteristics the kind's usual figures
/// @param written which of the figures the user chose
/// @param later what only few requests need; read at the first call where the kind is built in
public record BackendProfile(
        String name,
        String displayName,
        List<String> prefixes,
        ProfileApi api,
        ParsingRules parsing,
        Characteristics characteristics,
        WrittenValues written,
        Supplier<ProfileDetails> later) {

    public BackendProfile {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a profile needs a name");
        }
        prefixes = List.copyOf(prefixes);
    }

    /// A kind of which nothing is known beside its API.
    public BackendProfile(String name, ProfileApi api, ParsingRules parsing) {
        this(
                name,
                name,
                List.of(name),
                api,
                parsing,
                Characteristics.DEFAULTS,
                WrittenValues.NONE,
                new ProfileDetails.Known(ProfileDetails.NONE));
    }

    public boolean openAiCompatible() {
        return api.openAiCompatible();
    }

    /// The request paths that the kind is known to serve.
    public List<String> paths() {
        return api.paths();
    }

    /// Where the kind lists its models.
    public String discoveryPath() {
        return api.discoveryPath();
    }

    /// Where the kind tells that it is up.
    public String healthPath() {
        return api.healthPath();
    }

    /// The format of the model list, a name of [ModelListFormat].
    public String listFormat() {
        return parsing.listFormat();
    }

    /// The kind's usual longest wait for an answer.
    public Duration timeout() {
        return characteristics.timeout();
    }

    /// Whether the kind speaks Ollama's own API: it lists `/api/chat`.
    public boolean ollamaNative() {
        return paths().contains("/api/chat");
    }

    /// Reads what is left for later, so that no event loop has to wait for it. Blocks.
    public void warm() {
        ProfileDetails _ = later.get();
    }

    /// What the names of models tell about them.
    public ModelPatterns models() {
        return later.get().models();
    }

    /// What models of a size need on this kind of server.
    public ResourceProfile resources() {
        return later.get().resources();
    }

    /// What its answers tell of their cost.
    public AnswerFormulas metrics() {
        return later.get().metrics();
    }

    /// By what a server of this kind is recognised.
    public DetectionHints detection() {
        return later.get().detection();
    }

    public PathIndices pathIndices() {
        return later.get().pathIndices();
    }

    /// The same kind under other routes.
    public BackendProfile withPrefixes(List<String> others) {
        return new BackendProfile(name, displayName, others, api, parsing, characteristics, written, later);
    }

    /// The same kind with another path that tells that it is up.
    public BackendProfile withHealthPath(String path) {
        ProfileApi other = new ProfileApi(
                api.openAiCompatible(), api.paths(), api.discoveryPath(), path, api.anthropic(), api.extensions());
        return new BackendProfile(name, displayName, prefixes, other, parsing, characteristics, written, later);
    }
}
