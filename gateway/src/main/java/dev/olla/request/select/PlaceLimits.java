package dev.olla.request.select;

import dev.olla.fleet.ConcurrencyLimits;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelCatalogue.Placement;
import dev.olla.request.route.Candidate;

/// How many inference requests may run on an endpoint before one for a model may start there.
///
/// @param fleet knows how large the model is on each endpoint
/// @param model as the client spelled it
record PlaceLimits(QueueSettings.Limits which, FleetSnapshot fleet, String model) {

    /// @return 0 means no limit
    int of(Candidate candidate) {
        ConcurrencyLimits limits = candidate.endpoint().settings().limits();
        if (which == QueueSettings.Limits.NONE || !limits.written()) {
            return 0;
        }
        return limits.rows().isEmpty() ? limits.most() : limits.forBytes(size(candidate));
    }

    /// What the server says that the model takes; 0 where it doesn't say.
    private long size(Candidate candidate) {
        Endpoint endpoint = candidate.endpoint();
        String name = candidate.nativeModel();
        for (Placement placement : fleet.catalogue().find(name == null ? model : name)) {
            if (placement.endpoint() == endpoint) {
                return placement.model().size();
            }
        }
        return 0;
    }
}
