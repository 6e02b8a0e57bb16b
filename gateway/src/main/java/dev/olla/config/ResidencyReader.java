package dev.olla.config;

import dev.olla.fleet.ResidencySettings;
import java.time.Duration;

/// Reads `proxy.residency`.
final class ResidencyReader {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    private ResidencyReader() {}

    static ResidencySettings read(Section section) {
        ResidencySettings standard = ResidencySettings.DEFAULTS;
        Duration refresh = section.duration("refresh", standard.refresh());
        if (refresh.compareTo(SHORTEST) < 0) {
            section.error("refresh", DurationText.of(refresh) + " is not allowed: 100ms is the least");
        }
        return new ResidencySettings(
                refresh, section.duration("busy_window", standard.busyWindow()), section.bool("prefer", true));
    }
}
