package dev.olla.request.select;

import java.util.List;
import java.util.random.RandomGenerator;

/// The balancers by their names in the configuration.
public final class Balancers {

    public static final List<String> NAMES = List.of("least-connections", "priority", "round-robin");

    private Balancers() {}

    /// @param random used by all event loops, so it must be safe for them
    /// @throws IllegalArgumentException when there is no balancer of that name
    public static Balancer named(String name, RandomGenerator random) {
        return switch (name) {
            case "least-connections" -> new LeastConnections();
            case "priority" -> new HighestPriority(random);
            case "round-robin" -> new RoundRobin();
            default -> throw new IllegalArgumentException("no load balancer is called " + name);
        };
    }
}
