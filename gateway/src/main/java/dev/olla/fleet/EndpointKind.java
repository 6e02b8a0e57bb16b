package dev.olla.fleet;

import org.jspecify.annotations.Nullable;

/// The kind of server that an endpoint is taken for.
///
/// @param profile what holds for it now: of the configured kind, of the kind that was found, or, until one is
///     found, of a server that may be anything
/// @param known whether it is configured or was found
/// @param version that the server told of itself; null where it isn't known
public record EndpointKind(
        BackendProfile profile, boolean known, @Nullable String version) {

    /// What the configuration alone tells.
    static EndpointKind configured(Endpoint endpoint) {
        return new EndpointKind(endpoint.profile(), !endpoint.settings().isAuto(), null);
    }

    static EndpointKind found(BackendProfile profile) {
        return new EndpointKind(profile, true, null);
    }

    /// Once more found to be of that kind, or of another.
    EndpointKind foundAgain(BackendProfile other) {
        return known && profile.equals(other) ? this : found(other);
    }

    EndpointKind ofVersion(String told) {
        return new EndpointKind(profile, known, told);
    }

    /// Whether the server takes Anthropic's Messages API as it is. Where its version isn't known, its kind decides.
    public boolean speaksAnthropic() {
        return profile.api().anthropic().enabled() && !tooOldForAnthropic();
    }

    /// Whether it would take it but for its version.
    public boolean tooOldForAnthropic() {
        AnthropicSupport support = profile.api().anthropic();
        return support.enabled()
                && version != null
                && support.minVersion() != null
                && ServerVersion.of(version).compareTo(ServerVersion.of(support.minVersion())) < 0;
    }

    /// The same kind under a new configuration, whose word counts first.
    EndpointKind carriedOverTo(Endpoint successor) {
        EndpointKind configured = configured(successor);
        if (!successor.settings().isAuto() || !known) {
            boolean same = configured.profile.name().equals(profile.name());
            return new EndpointKind(configured.profile, configured.known, same ? version : null);
        }
        BackendProfile same = successor.kinds().byType(profile.name());
        return same == null ? configured : new EndpointKind(same, true, version);
    }
}
