package dev.olla.fleet;

import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;

/// How many inference requests may run on one server at once, by all that is written of it.
///
/// A table counts before a limit for all models, what is written under the endpoint before what the user's profile
/// file says. A limit for all models holds beside the table of the same place, and that of the endpoint always.
/// Under [LimitPolicy#PROFILE] the built-in figures stand in where nobody wrote any.
///
/// @param own written under the endpoint
/// @param kind what the server is taken for
record ServerLimits(ConcurrencyLimits own, BackendProfile kind) {

    /// @return 0 means no limit
    int forMemory(double memoryGb) {
        return switch (own.policy()) {
            case NONE -> 0;
            case CONFIGURED -> written(limits -> limits.row(memoryGb));
            case PROFILE -> {
                int written = written(limits -> limits.row(memoryGb));
                yield written > 0 ? written : usual(memoryGb);
            }
        };
    }

    /// The most that may run there of any model; 0 means no limit.
    int largest() {
        return switch (own.policy()) {
            case NONE -> 0;
            case CONFIGURED -> written(ConcurrencyLimits::largestRow);
            case PROFILE -> {
                int written = written(ConcurrencyLimits::largestRow);
                yield written > 0 ? written : usualLargest();
            }
        };
    }

    /// How many the server is expected to work on at once: an estimate that holds nothing back; at least 1.
    ///
    /// @param slots that the server itself reports; 0 where it reports none
    int capacity(double memoryGb, int slots) {
        int written = written(limits -> limits.row(memoryGb));
        if (written == 0 && own.policy() == LimitPolicy.PROFILE) {
            written = usual(memoryGb);
        }
        if (written > 0 || slots > 0) {
            return written > 0 ? written : slots;
        }
        return kind.ollamaNative() ? 1 : Math.max(1, usual(memoryGb));
    }

    private int written(ToIntFunction<ConcurrencyLimits> table) {
        int row = table.applyAsInt(own);
        if (row > 0 || kind.written().equals(WrittenValues.NONE)) {
            return row > 0 ? row : own.most();
        }
        ConcurrencyLimits chosen = chosen();
        row = table.applyAsInt(chosen);
        if (row > 0) {
            return own.atMost(row);
        }
        return own.most() > 0 ? own.most() : chosen.most();
    }

    /// What the user's profile file says.
    private ConcurrencyLimits chosen() {
        WrittenValues written = kind.written();
        return new ConcurrencyLimits(
                Objects.requireNonNullElse(written.maxConcurrentRequests(), 0),
                Objects.requireNonNullElse(written.concurrencyLimits(), List.of()));
    }

    private int usualLargest() {
        int row = new ConcurrencyLimits(0, kind.resources().concurrencyLimits()).largestRow();
        return row > 0 ? row : kind.characteristics().maxConcurrentRequests();
    }

    private int usual(double memoryGb) {
        ConcurrencyLimit row = ConcurrencyLimit.of(kind.resources().concurrencyLimits(), memoryGb);
        return row == null ? kind.characteristics().maxConcurrentRequests() : row.maxConcurrent();
    }
}
