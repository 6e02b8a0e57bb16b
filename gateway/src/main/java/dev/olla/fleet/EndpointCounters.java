package dev.olla.fleet;

import dev.olla.telemetry.EndpointStatistics;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What lives on of one server over all configurations that it is part of. Safe for all threads.
///
/// @param inFlight attempts from their choice until the end of their answer
/// @param pause that it asked for by `Retry-After`
/// @param mode what the operator wants of it
/// @param refusesMessages whether it turned out not to know Anthropic's API, though its kind does
record EndpointCounters(
        AtomicInteger inFlight,
        CircuitBreaker breaker,
        EndpointStatistics statistics,
        Places places,
        Residency residency,
        SlowStart slowStart,
        Pause pause,
        AtomicReference<EndpointMode> mode,
        AtomicBoolean refusesMessages) {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointCounters.class);

    /// @param name for the log
    /// @param nanoTime a clock such as [System#nanoTime]
    static EndpointCounters of(String name, CircuitBreakerSettings settings, LongSupplier nanoTime) {
        SlowStart slowStart = new SlowStart(settings.slowStart(), nanoTime);
        CircuitBreaker breaker = new CircuitBreaker(settings, nanoTime, new Changes(name, slowStart));
        return new EndpointCounters(
                new AtomicInteger(),
                breaker,
                new EndpointStatistics(),
                new Places(),
                new Residency(nanoTime),
                slowStart,
                new Pause(nanoTime),
                new AtomicReference<>(EndpointMode.ENABLED),
                new AtomicBoolean());
    }

    void use(CircuitBreakerSettings settings) {
        breaker.use(settings);
        slowStart.use(settings.slowStart());
    }

    /// What follows from the changes of the breaker.
    private record Changes(String name, SlowStart slowStart) implements CircuitBreaker.Listener {

        @Override
        public void ejected() {
            LOG.warn("endpoint {} is ejected: it failed too often in a row", name);
        }

        @Override
        public void readmitted() {
            slowStart.begin();
            LOG.info("endpoint {} is readmitted", name);
        }
    }
}
