package dev.olla.request.select;

import dev.olla.fleet.ResidencySettings;
import java.util.List;
import java.util.random.RandomGenerator;

/// The balancers by their names in the configuration.
public final class Balancers {

    public static final List<String> NAMES = List.of("least-connections", "priority", "round-robin", "resident-first");

    private Balancers() {}

    /// @param random used by all event loops, so it must be safe for them
    /// @param room whose lines count as work of the servers that have their model loaded
    /// @throws IllegalArgumentException when there is no balancer of that name
    public static Balancer named(String name, RandomGenerator random, WaitingRoom room, ResidencySettings residency) {
        LeastConnections leastConnections = new LeastConnections(residency.prefer());
        return switch (name) {
            case "least-connections" -> leastConnections;
            case "priority" -> new HighestPriority(random, residency.prefer());
            case "round-robin" -> new RoundRobin(residency.prefer());
            case "resident-first" -> new ResidentFirst(room, residency.busyWindow(), leastConnections);
            default -> throw new IllegalArgumentException("no load balancer is called " + name);
        };
    }
}
