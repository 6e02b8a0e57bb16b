package dev.olla.request.select;

import dev.olla.config.Profiles;
import dev.olla.fleet.CircuitBreakerSettings;
import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointSettings;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.EndpointStatus;
import dev.olla.fleet.Endpoints;
import dev.olla.fleet.ModelCatalogue;
import dev.olla.fleet.ResidencySettings;
import dev.olla.request.route.Candidate;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Times the choice among 100 Ollamas that all list 1,000 models and have three of them loaded; no test. Run its
/// `main` from an IDE, or with the class path of the tests.
///
/// Prints, for each balancer, the median time of a look into the catalogue and of a choice among all 100.
final class PlacementTiming {

    private static final int ENDPOINTS = 100;
    private static final int MODELS = 1_000;
    private static final int ROUNDS = 40;
    private static final int CHOICES = 5_000;

    private static volatile @Nullable Object last;

    private PlacementTiming() {}

    public static void main(String[] args) {
        ModelCatalogue catalogue = catalogue();
        for (String name : Balancers.NAMES) {
            Balancer balancer = Balancers.named(
                    name,
                    new SplittableRandom(1),
                    new WaitingRoom(QueueSettings.DEFAULTS, System::nanoTime),
                    ResidencySettings.DEFAULTS);
            double[] micros = new double[2 * ROUNDS];
            for (int round = 0; round < micros.length; round++) {
                micros[round] = round(balancer, catalogue);
            }
            double[] warm = Arrays.copyOfRange(micros, ROUNDS, micros.length);
            Arrays.sort(warm);
            System.out.printf("%s: %.1f µs, the last went to %s%n", name, warm[ROUNDS / 2], last);
        }
    }

    private static double round(Balancer balancer, ModelCatalogue catalogue) {
        long start = System.nanoTime();
        for (int i = 0; i < CHOICES; i++) {
            List<Candidate> candidates = catalogue.find("model-" + i % MODELS + ":7b").stream()
                    .map(place -> new Candidate(place.endpoint(), EndpointStatus.HEALTHY, null, true, place))
                    .toList();
            last = balancer.choose(candidates).endpoint();
        }
        return (System.nanoTime() - start) / 1e3 / CHOICES;
    }

    private static ModelCatalogue catalogue() {
        List<EndpointSettings> settings = IntStream.range(0, ENDPOINTS)
                .mapToObj(i -> EndpointSettings.of("box" + i, URI.create("http://box" + i), "ollama"))
                .toList();
        List<DiscoveredModel> models = IntStream.range(0, MODELS)
                .mapToObj(i ->
                        new DiscoveredModel("model-" + i + ":7b", 0, null, null, DiscoveredModel.Details.NONE, null))
                .toList();
        List<EndpointState> states = new ArrayList<>();
        for (Endpoint endpoint :
                Endpoints.of(settings, Profiles.builtIn(), CircuitBreakerSettings.DEFAULTS, System::nanoTime)) {
            int first = 3 * endpoint.position();
            endpoint.residency()
                    .seen(
                            IntStream.range(first, first + 3)
                                    .mapToObj(i -> "model-" + i + ":7b")
                                    .toList(),
                            _ -> 1);
            states.add(new EndpointState(
                    endpoint, EndpointStatus.HEALTHY, 0, null, null, null, models, Instant.EPOCH, null));
        }
        return new ModelCatalogue(states);
    }
}
