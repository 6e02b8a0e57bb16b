package dev.olla.fleet;

/// The kind of server that an endpoint is taken for.
///
/// @param profile what holds for it now: of the configured kind, of the kind that was found, or, until one is
///     found, of a server that may be anything
/// @param known whether it is configured or was found
public record EndpointKind(BackendProfile profile, boolean known) {

    /// What the configuration alone tells.
    static EndpointKind configured(Endpoint endpoint) {
        return new EndpointKind(endpoint.profile(), !endpoint.settings().isAuto());
    }

    static EndpointKind found(BackendProfile profile) {
        return new EndpointKind(profile, true);
    }

    /// The same kind under a new configuration, whose word counts first.
    EndpointKind carriedOverTo(Endpoint successor) {
        if (!successor.settings().isAuto() || !known) {
            return configured(successor);
        }
        BackendProfile same = successor.kinds().byType(profile.name());
        return same == null ? configured(successor) : found(same);
    }
}
