package dev.olla.config;

import dev.olla.fleet.ConcurrencyLimits;
import dev.olla.fleet.ConcurrencyLimits.Row;
import java.util.ArrayList;
import java.util.List;

/// Reads how much may run on an endpoint at once.
final class LimitsReader {

    private LimitsReader() {}

    static ConcurrencyLimits read(Section endpoint) {
        int most = endpoint.integer("max_concurrent_requests", 0, Range.atLeast(0));
        List<Row> rows = new ArrayList<>();
        List<Section> written = endpoint.section("resources").sections("concurrency_limits");
        for (Section row : written == null ? List.<Section>of() : written) {
            rows.add(new Row(
                    row.integer("min_memory_gb", 0, Range.atLeast(0)),
                    row.integer("max_concurrent", 1, Range.atLeast(1))));
        }
        return new ConcurrencyLimits(most, rows);
    }
}
