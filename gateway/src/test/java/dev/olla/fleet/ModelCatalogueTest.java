package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ModelCatalogueTest {

    private final List<Endpoint> endpoints = Samples.endpoints(
            Samples.settings("first", "ollama", 1000),
            Samples.settings("second", "vllm", 1000),
            Samples.settings("third", "ollama", 1000));

    @Test
    void findsAModelOnEveryEndpointThatHoldsItInConfigurationOrder() {
        ModelCatalogue catalogue = catalogue(Samples.models("b", "m"), Samples.models("m"), Samples.models("m", "a"));
        assertThat(holders(catalogue, "m")).containsExactly("first", "second", "third");
        assertThat(holders(catalogue, "unheard-of")).isEmpty();
    }

    @Test
    void comparesNamesWithoutCase() {
        ModelCatalogue catalogue =
                catalogue(Samples.models("Qwen/Qwen3-8B"), Samples.models("qwen/qwen3-8b"), List.of());
        assertThat(holders(catalogue, "QWEN/qwen3-8b")).containsExactly("first", "second");
    }

    @Test
    void completesLatestOnServersThatSpeakOllamasOwnApiOnly() {
        ModelCatalogue catalogue =
                catalogue(Samples.models("llama3.2:latest"), Samples.models("llama3.2:latest"), List.of());
        assertThat(holders(catalogue, "llama3.2")).containsExactly("first");
        assertThat(holders(catalogue, "llama3.2:latest")).containsExactly("first", "second");
    }

    @Test
    void dropsLatestOnServersThatSpeakOllamasOwnApiOnly() {
        ModelCatalogue catalogue = catalogue(Samples.models("llama3.2"), Samples.models("llama3.2"), List.of());
        assertThat(holders(catalogue, "llama3.2:LATEST")).containsExactly("first");
    }

    @Test
    void joinsBothSpellingsOfOneModelInConfigurationOrder() {
        ModelCatalogue catalogue = catalogue(Samples.models("m:latest"), Samples.models("m"), Samples.models("m"));
        assertThat(holders(catalogue, "m")).containsExactly("first", "second", "third");
        assertThat(holders(catalogue, "m:latest")).containsExactly("first", "third");
    }

    @Test
    void doesNotTakeAPortForATag() {
        ModelCatalogue catalogue =
                catalogue(Samples.models("registry.example:5000/team/model:latest"), List.of(), List.of());
        assertThat(holders(catalogue, "registry.example:5000/team/model")).containsExactly("first");
        ModelCatalogue untagged = catalogue(Samples.models("registry.example:5000/team/model"), List.of(), List.of());
        assertThat(holders(untagged, "registry.example:5000/team/model:latest")).containsExactly("first");
        assertThat(holders(untagged, "registry.example")).isEmpty();
    }

    @Test
    void completesNothingForAnotherTag() {
        ModelCatalogue catalogue = catalogue(Samples.models("m:7b"), List.of(), List.of());
        assertThat(holders(catalogue, "m")).isEmpty();
        assertThat(holders(catalogue, "m:latest")).isEmpty();
    }

    @Test
    void namesEachEndpointOnceAndMeansTheModelThatIsSpelledExactly() {
        ModelCatalogue catalogue = catalogue(Samples.models("Model", "model"), Samples.models("MODEL"), List.of());
        assertThat(names(catalogue, "model")).containsExactly("model", "MODEL");
        assertThat(names(catalogue, "Model")).containsExactly("Model", "MODEL");
        assertThat(names(catalogue, "mOdEl")).containsExactly("Model", "MODEL");
    }

    @Test
    void tellsWhetherTheServerTakesTheRequestedName() {
        ModelCatalogue catalogue = catalogue(Samples.models("m:latest"), Samples.models("N"), List.of());
        assertThat(catalogue.find("m").getFirst().answersTo("m")).isTrue();
        assertThat(catalogue.find("n").getFirst().answersTo("n")).isFalse();
        assertThat(catalogue.find("n").getFirst().answersTo("N")).isTrue();
    }

    @Test
    void aDigestIsPlaceOfAModelUnderAnyName() {
        ModelCatalogue catalogue = catalogue(
                List.of(digest("mine", "sha256:d1")), Samples.models("llama"), List.of(digest("llama", "D1")));
        assertThat(names(catalogue, "mine")).containsExactly("mine", "llama");
        assertThat(names(catalogue, "llama")).containsExactly("mine", "llama", "llama");
    }

    @Test
    void withoutUnificationOnlyTheNameCounts() {
        ModelCatalogue catalogue = catalogue(
                new UnificationSettings(false, true, Duration.ZERO, Duration.ZERO),
                List.of(digest("mine", "d1")),
                List.of(digest("llama", "d1")));
        assertThat(names(catalogue, "mine")).containsExactly("mine");
        assertThat(catalogue.find("mine-d1d1d1d1")).isEmpty();
    }

    @Test
    void theSecondModelOfANameIsFoundByTheStartOfItsDigest() {
        ModelCatalogue catalogue =
                catalogue(List.of(digest("m:1", "aaaaaaaa11")), List.of(), List.of(digest("m:1", "bbbbbbbb22")));
        assertThat(holders(catalogue, "m:1")).containsExactly("first", "third");
        assertThat(holders(catalogue, "M:1-bbbbbbbb")).containsExactly("third");
        assertThat(catalogue.find("m:1-bbbbbbbb").getFirst().answersTo("m:1-bbbbbbbb"))
                .isFalse();
        assertThat(catalogue.find("m:1-cccccccc")).isEmpty();
        assertThat(catalogue.find("m:1-bbb")).isEmpty();
    }

    @Test
    void aRequestStaysWithOneKindWhereKindsAreKeptApart() {
        ModelCatalogue apart = catalogue(
                new UnificationSettings(true, false, Duration.ZERO, Duration.ZERO),
                Samples.models("m"),
                Samples.models("m"));
        assertThat(apart.find("m", _ -> true))
                .extracting(place -> place.kind().name())
                .containsExactly("ollama");
        assertThat(apart.find("m", place -> place.kind().name().equals("vllm"))).hasSize(1);
        assertThat(holders(apart, "m@vllm")).containsExactly("second");
        assertThat(apart.find("m@nobody")).isEmpty();
        ModelCatalogue joined = catalogue(Samples.models("m"), Samples.models("m"), List.of());
        assertThat(joined.find("m", _ -> true)).hasSize(2);
        assertThat(joined.find("m@vllm")).isEmpty();
    }

    private static DiscoveredModel digest(String name, String digest) {
        return new DiscoveredModel(name, 0, digest, null, DiscoveredModel.Details.NONE, null);
    }

    private ModelCatalogue catalogue(
            UnificationSettings unification, List<DiscoveredModel> first, List<DiscoveredModel> second) {
        return new ModelCatalogue(states(List.of(first, second)), unification);
    }

    private ModelCatalogue catalogue(
            List<DiscoveredModel> first, List<DiscoveredModel> second, List<DiscoveredModel> third) {
        return new ModelCatalogue(states(List.of(first, second, third)));
    }

    private List<EndpointState> states(List<List<DiscoveredModel>> lists) {
        List<EndpointState> states = new ArrayList<>();
        for (List<DiscoveredModel> models : lists) {
            states.add(EndpointState.unknown(endpoints.get(states.size())).listed(models, Instant.EPOCH, null));
        }
        return states;
    }

    private static List<String> holders(ModelCatalogue catalogue, String name) {
        return catalogue.find(name).stream()
                .map(place -> place.endpoint().name())
                .toList();
    }

    private static List<String> names(ModelCatalogue catalogue, String name) {
        return catalogue.find(name).stream().map(place -> place.model().name()).toList();
    }
}
