package dev.olla.request.admit;

import java.util.Set;

/// Who may see the dashboard and the pages that it shows.
///
/// @param enabled whether there is a dashboard
/// @param policy who may see it
/// @param gateInternalApi whether the policy also holds for `/version` and all other pages below `/internal/`, the two
///     for orchestrators excepted
public record DashboardSettings(boolean enabled, AccessPolicy policy, boolean gateInternalApi) {

    public static final DashboardSettings DEFAULTS = new DashboardSettings(
            true, new AccessPolicy(IpNetwork.listOf("127.0.0.0/8", "::1/128"), Set.of("localhost")), false);
}
