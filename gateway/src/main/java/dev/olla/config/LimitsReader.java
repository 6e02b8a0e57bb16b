package dev.olla.config;

import dev.olla.fleet.ConcurrencyLimit;
import dev.olla.fleet.ConcurrencyLimits;
import dev.olla.fleet.LimitPolicy;
import java.util.ArrayList;
import java.util.List;

/// Reads how much may run on an endpoint at once.
final class LimitsReader {

    private LimitsReader() {}

    static ConcurrencyLimits read(Section endpoint, LimitPolicy policy) {
        int most = endpoint.integer("max_concurrent_requests", 0, Range.atLeast(0));
        List<ConcurrencyLimit> rows = new ArrayList<>();
        List<Section> written = endpoint.section("resources").sections("concurrency_limits");
        for (Section row : written == null ? List.<Section>of() : written) {
            rows.add(new ConcurrencyLimit(memory(row), row.integer("max_concurrent", 1, Range.atLeast(1))));
        }
        return new ConcurrencyLimits(most, rows, policy);
    }

    private static double memory(Section row) {
        double memory = row.decimal("min_memory_gb", 0);
        if (!(memory >= 0)) {
            row.error("min_memory_gb", "a size can't be negative");
            return 0;
        }
        return memory;
    }
}
