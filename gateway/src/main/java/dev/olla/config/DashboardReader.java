package dev.olla.config;

import dev.olla.request.admit.AccessPolicy;
import dev.olla.request.admit.DashboardSettings;
import dev.olla.request.admit.IpNetwork;
import java.util.List;
import java.util.Set;

/// Reads `dashboard`.
final class DashboardReader {

    private DashboardReader() {}

    static DashboardSettings read(Section section) {
        DashboardSettings standard = DashboardSettings.DEFAULTS;
        Section policy = section.section("access_policy");
        List<IpNetwork> networks =
                NetworkReader.read(policy, "allowed_cidrs", standard.policy().allowedCidrs());
        List<String> hosts =
                policy.texts("allowed_hosts", List.copyOf(standard.policy().allowedHosts()));
        DashboardSettings read = new DashboardSettings(
                section.bool("enabled", standard.enabled()),
                new AccessPolicy(networks, Set.copyOf(hosts)),
                section.bool("gate_internal_api", standard.gateInternalApi()));
        if (networks.isEmpty() && (read.enabled() || read.gateInternalApi())) {
            policy.error("allowed_cidrs", "an empty list lets nobody in: write at least one network");
        }
        return read;
    }
}
