package dev.olla.request.route;

import static dev.olla.fleet.EndpointStatus.BUSY;
import static dev.olla.fleet.EndpointStatus.HEALTHY;
import static dev.olla.fleet.EndpointStatus.OFFLINE;
import static dev.olla.fleet.EndpointStatus.WARMING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.EndpointStatus;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.request.SampleFleet;
import dev.olla.request.inspect.Need;
import dev.olla.request.route.RoutingDecision.Rejected;
import dev.olla.request.route.RoutingDecision.Routed;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ModelRoutingTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final ProviderScope ALL = ProviderScope.all("/olla/proxy");
    private static final ProviderScope VLLM = ProviderScope.of("/olla/vllm", "vllm");
    private static final ProviderScope OPENAI = ProviderScope.of("/olla/openai", "openai-compatible");
    private static final ProviderScope OLLAMA = ProviderScope.of("/olla/ollama", "ollama");

    private final ModelRouting routing = new ModelRouting(
            SampleFleet.PROFILES.byName().values(), RoutingSettings.DEFAULTS, TranslationSettings.DEFAULTS);
    private final SampleFleet fleet = new SampleFleet()
            .with("o1", "ollama", HEALTHY, "llama3.2:latest", "shared", "Mixed:8B")
            .with("o2", "ollama", OFFLINE, "llama3.2:latest", "only-offline:1b")
            .with("v1", "vllm", BUSY, "Qwen/Qwen3-8B", "shared")
            .with("v2", "vllm", WARMING, "qwen/qwen3-8b");

    @Test
    void aModelOnUsableServersIsRoutedInConfigurationOrder() {
        Routed routed = routed(ALL, CHAT, "shared");
        assertThat(names(routed)).containsExactly("o1", "v1");
        assertThat(routed.label()).isEqualTo(new RoutingLabel("strict", "routed", "model_found"));
    }

    @Test
    void busyAndWarmingServersGetWork() {
        assertThat(names(routed(ALL, CHAT, "Qwen/Qwen3-8B"))).containsExactly("v1", "v2");
    }

    @Test
    void aNameInOtherLetterCaseIsRewrittenForThoseWhoSpellItOtherwise() {
        Routed routed = routed(ALL, CHAT, "QWEN/qwen3-8b");
        assertThat(routed.candidates().stream().map(Candidate::nativeModel))
                .containsExactly("Qwen/Qwen3-8B", "qwen/qwen3-8b");
        Routed exact = routed(ALL, CHAT, "qwen/qwen3-8b");
        assertThat(exact.candidates().stream().map(Candidate::nativeModel)).containsExactly("Qwen/Qwen3-8B", null);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "llama3.2, -",
                "llama3.2:latest, -",
                "Llama3.2, llama3.2:latest",
                "mixed:8b, Mixed:8B",
            })
    void latestIsImpliedForOllama(String asked, @Nullable String rewritten) {
        for (String path : List.of(CHAT, "/api/chat")) {
            Routed routed = routed(OLLAMA, path, asked);
            assertThat(names(routed)).containsExactly("o1");
            assertThat(routed.candidates().getFirst().nativeModel()).isEqualTo(rewritten);
        }
    }

    @Test
    void latestIsNotImpliedForOthers() {
        assertThat(rejected(VLLM, CHAT, "shared:latest").status()).isEqualTo(503); // o1 knows it by that name
        assertThat(rejected(ALL, CHAT, "qwen/qwen3-8b:latest").status()).isEqualTo(404);
    }

    @Test
    void aModelKnownNowhereIs404() {
        Rejected rejected = rejected(ALL, CHAT, "nobody");
        assertThat(rejected)
                .isEqualTo(new Rejected(
                        404,
                        "model_not_found",
                        "model_not_found",
                        new RoutingLabel("strict", "rejected", "model_not_found")));
    }

    @Test
    void aModelOnDownServersOnlyIs503() {
        Rejected rejected = rejected(ALL, CHAT, "only-offline:1b");
        assertThat(rejected)
                .isEqualTo(new Rejected(
                        503,
                        "model_unavailable",
                        "model_unavailable",
                        new RoutingLabel("strict", "rejected", "model_unavailable")));
    }

    @Test
    void aModelOfAnotherKindOfServerIs503() {
        assertThat(rejected(VLLM, CHAT, "llama3.2").code()).isEqualTo("model_unavailable");
    }

    @Test
    void aRouteUsesServersOfItsKindOnly() {
        assertThat(names(routed(VLLM, CHAT, "shared"))).containsExactly("v1");
        assertThat(names(routed(OLLAMA, CHAT, "shared"))).containsExactly("o1");
        assertThat(names(routed(OPENAI, CHAT, "shared"))).containsExactly("o1", "v1");
    }

    @Test
    void aPathOfOneKindNarrowsTheChoice() {
        assertThat(names(routed(ALL, "/api/chat", "shared"))).containsExactly("o1");
        assertThat(names(routed(ALL, "/tokenize", "shared"))).containsExactly("v1");
    }

    @Test
    void aPathThatNoUsableServerListsNarrowsNothing() {
        assertThat(names(routed(ALL, "/api/v1/stats", "shared"))).containsExactly("o1", "v1");
        assertThat(names(routed(ALL, "/nobody/knows", "shared"))).containsExactly("o1", "v1");
    }

    @Test
    void aServerOfUnknownKindDoesNotHideTheOthersOnAPathThatNoneOfThemLists() {
        SampleFleet mixed = new SampleFleet()
                .with("any", "auto", HEALTHY, "other")
                .with("o1", "ollama", HEALTHY, "llama3.2:latest");
        RoutingStep decision = decide(mixed.snapshot(), ALL, "/v1/messages", "llama3.2");
        assertThat(decision).isInstanceOf(Routed.class);
    }

    @Test
    void aPathThatOneKindOfTheOpenAiFamilyListsHidesNoOtherHolderOfThatFamily() {
        SampleFleet mixed = new SampleFleet()
                .with("mlx", "omlx", HEALTHY, "mlx-model", "both")
                .with("v1", "vllm", HEALTHY, "other", "both")
                .with("o1", "ollama", HEALTHY, "llama");
        assertThat(names((Routed) decide(mixed.snapshot(), ALL, "/v1/messages", "other")))
                .containsExactly("v1");
        assertThat(names((Routed) decide(mixed.snapshot(), ALL, "/v1/messages", "both")))
                .containsExactly("mlx");
        assertThat(((Rejected) decide(mixed.snapshot(), ALL, "/api/chat", "other")).code())
                .isEqualTo("model_unavailable");
    }

    @Test
    void whatAModelIsKnownToBeAbleToIsToldWithTheCandidate() {
        SampleFleet mixed = new SampleFleet()
                .with("a", "vllm", HEALTHY, "nomic-embed-text", "plain")
                .with("b", "vllm", HEALTHY, "plain");
        assertThat(declared(mixed, "nomic-embed-text", Need.EMBEDDINGS)).containsExactly(true);
        assertThat(declared(mixed, "plain", Need.EMBEDDINGS)).containsExactly(false, false);
        assertThat(declared(mixed, "plain")).containsExactly(true, true);
        assertThat(declared(mixed, null, Need.EMBEDDINGS)).containsExactly(true, false);
        assertThat(declared(mixed, null, Need.VISION)).containsExactly(false, false);
    }

    private List<Boolean> declared(SampleFleet mixed, @Nullable String model, Need... needs) {
        RouteRequest request = new RouteRequest(ALL, CHAT, model, Set.of(needs));
        return ((Routed) routing.decide(mixed.snapshot(), request))
                .candidates().stream().map(Candidate::declared).toList();
    }

    @Test
    void aServerOfUnknownKindServesEveryRouteAndPath() {
        SampleFleet mixed = new SampleFleet().with("any", "auto", HEALTHY, "m").with("v1", "vllm", HEALTHY, "m");
        assertThat(names((Routed) decide(mixed.snapshot(), VLLM, CHAT, "m"))).containsExactly("any", "v1");
        assertThat(names((Routed) decide(mixed.snapshot(), OLLAMA, "/api/chat", "m")))
                .containsExactly("any");
        assertThat(names((Routed) decide(mixed.snapshot(), ALL, "/tokenize", "m")))
                .containsExactly("any", "v1");
    }

    @Test
    void withoutAModelEveryUsableServerOfTheRouteWillDo() {
        Routed routed = routed(ALL, CHAT, null);
        assertThat(names(routed)).containsExactly("o1", "v1", "v2");
        assertThat(routed.label()).isNull();
        assertThat(names(routed(VLLM, "/version", null))).containsExactly("v1", "v2");
    }

    @Test
    void aRouteWithoutAnyServerIs404AndOneWhoseServersAreDownIs503() {
        ProviderScope sglang = ProviderScope.of("/olla/sglang", "sglang");
        assertThat(rejected(sglang, CHAT, null))
                .isEqualTo(new Rejected(404, "no_endpoints", "No sglang endpoints available", null));
        assertThat(rejected(sglang, CHAT, "nobody"))
                .isEqualTo(new Rejected(404, "no_endpoints", "No sglang endpoints available", null));
        SampleFleet down = new SampleFleet().with("v1", "vllm", OFFLINE, "m").with("o1", "ollama", HEALTHY);
        assertThat(decide(down.snapshot(), VLLM, CHAT, null))
                .isEqualTo(new Rejected(503, "no_endpoints", "No vllm endpoints available", null));
        assertThat(decide(down.snapshot(), VLLM, CHAT, "nobody"))
                .isEqualTo(new Rejected(503, "no_endpoints", "No vllm endpoints available", null));
        assertThat(((Rejected) decide(down.snapshot(), VLLM, CHAT, "m")).code()).isEqualTo("model_unavailable");
    }

    @ParameterizedTest
    @EnumSource(names = {"OFFLINE", "UNHEALTHY", "CONFIG_ERROR", "RATE_LIMITED", "UNKNOWN"})
    void aFleetThatIsDownIs503(EndpointStatus status) {
        SampleFleet down = new SampleFleet().with("v1", "vllm", status, "m");
        assertThat(decide(down.snapshot(), ALL, CHAT, null))
                .isEqualTo(new Rejected(503, "no_endpoints", "no healthy endpoints available", null));
        assertThat(decide(down.snapshot(), ALL, CHAT, "nobody"))
                .isEqualTo(new Rejected(503, "no_endpoints", "no healthy endpoints available", null));
        assertThat(((Rejected) decide(down.snapshot(), ALL, CHAT, "m")).status())
                .isEqualTo(503);
    }

    @Test
    void anEmptyFleetIs503() {
        assertThat(decide(new SampleFleet().snapshot(), ALL, CHAT, "m"))
                .isEqualTo(new Rejected(503, "no_endpoints", "no healthy endpoints available", null));
    }

    @ParameterizedTest
    @CsvSource({"/olla/ollama/api/chat, /api/chat", "/olla/ollama/, /", "/olla/ollama, /", "/olla/ollama/%2e, /%2e"})
    void thePrefixIsStripped(String path, String stripped) {
        assertThat(OLLAMA.stripped(path)).isEqualTo(stripped);
    }

    private RoutingStep decide(FleetSnapshot snapshot, ProviderScope scope, String path, @Nullable String model) {
        return routing.decide(snapshot, new RouteRequest(scope, path, model, Set.of()));
    }

    private Routed routed(ProviderScope scope, String path, @Nullable String model) {
        return (Routed) decide(fleet.snapshot(), scope, path, model);
    }

    private Rejected rejected(ProviderScope scope, String path, @Nullable String model) {
        return (Rejected) decide(fleet.snapshot(), scope, path, model);
    }

    private static List<String> names(Routed routed) {
        return routed.candidates().stream()
                .map(candidate -> candidate.endpoint().name())
                .toList();
    }
}
