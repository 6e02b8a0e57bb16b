package dev.olla.fleet;

import dev.olla.config.Profiles;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/// Times what discovery costs for 100 endpoints with 1,000 models each; no test. Run its `main` from an IDE, or
/// with the class path of the tests.
///
/// Prints, for names that all share and for names of their own, how long the first lists of all take, how long one
/// list takes that says nothing new, and one that differs in one model.
final class CatalogueTiming {

    private static final int ENDPOINTS = 100;
    private static final int MODELS = 1_000;
    private static final int ROUNDS = 3;

    private CatalogueTiming() {}

    public static void main(String[] args) {
        time("shared names", (_, model) -> "model-" + model + ":7b");
        time("distinct names", (endpoint, model) -> "model-" + endpoint + "-" + model + ":7b");
    }

    private static void time(String title, BiFunction<Integer, Integer, String> names) {
        double[] all = new double[ROUNDS];
        double[] same = new double[ROUNDS];
        double[] other = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            List<Endpoint> endpoints = endpoints();
            FleetStates states = new FleetStates(
                    endpoints.stream().map(EndpointState::unknown).toList(), UnificationSettings.DEFAULTS);
            all[round] = millis(() -> endpoints.forEach(each -> list(states, each, MODELS, names)));
            same[round] = millis(() -> list(states, endpoints.get(7), MODELS, names));
            other[round] = millis(() -> list(states, endpoints.get(7), MODELS - 1, names));
        }
        System.out.printf(
                "%s: first lists %.0f ms, one without news %.2f ms, one with news %.1f ms%n",
                title, median(all), median(same), median(other));
    }

    private static void list(
            FleetStates states, Endpoint endpoint, int count, BiFunction<Integer, Integer, String> names) {
        List<DiscoveredModel> models = IntStream.range(0, count)
                .mapToObj(model -> new DiscoveredModel(
                        names.apply(endpoint.position(), model),
                        0,
                        digest(names.apply(endpoint.position(), model)),
                        null,
                        DiscoveredModel.Details.NONE,
                        null))
                .toList();
        states.listed(endpoint, models, Instant.EPOCH, null);
    }

    private static String digest(String name) {
        return "sha256:%064x".formatted(name.hashCode() & 0xffffffffL);
    }

    private static List<Endpoint> endpoints() {
        List<EndpointSettings> settings = IntStream.range(0, ENDPOINTS)
                .mapToObj(i -> EndpointSettings.of("box" + i, URI.create("http://box" + i), "ollama"))
                .toList();
        return Endpoints.of(settings, Profiles.builtIn(), CircuitBreakerSettings.DEFAULTS, System::nanoTime);
    }

    private static double millis(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(double[] figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
