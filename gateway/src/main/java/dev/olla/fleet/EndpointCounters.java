package dev.olla.fleet;

import dev.olla.telemetry.EndpointStatistics;
import java.util.concurrent.atomic.AtomicInteger;

/// What is counted of one server, over all configurations that it is part of. Safe for all threads.
///
/// @param inFlight attempts from their choice until the end of their answer
record EndpointCounters(AtomicInteger inFlight, CircuitBreaker breaker, EndpointStatistics statistics) {

    static EndpointCounters with(CircuitBreaker breaker) {
        return new EndpointCounters(new AtomicInteger(), breaker, new EndpointStatistics());
    }
}
