package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.EndpointStatus;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class UnifiedCatalogueTest {

    private final FakeFleet fleet = new FakeFleet();

    private UnifiedCatalogue catalogue() {
        return UnifiedCatalogue.of(fleet.snapshot()).servedBy(EndpointState::offersModels);
    }

    private List<String> ids() {
        return catalogue().models().stream().map(UnifiedModel::id).toList();
    }

    private UnifiedModel find(String name) {
        return Objects.requireNonNull(catalogue().find(name));
    }

    private static List<String> endpoints(UnifiedModel model) {
        return model.sources().stream().map(source -> source.endpoint().name()).toList();
    }

    @Test
    void equalDigestsAreOneModelWithAllItsNames() {
        fleet.add("a", FakeFleet.OLLAMA, 10, FakeFleet.model("llama3", "d1"), FakeFleet.model("mine", "d1"));
        fleet.add("b", FakeFleet.OLLAMA, 20, FakeFleet.model("mine", "sha256:d1"));

        assertThat(ids()).containsExactly("mine");
        assertThat(find("mine").aliases()).containsExactly("mine", "llama3");
        assertThat(endpoints(find("LLAMA3"))).containsExactly("b", "a", "a");
    }

    @Test
    void namesCompareWithoutCaseAcrossKinds() {
        fleet.add("a", FakeFleet.VLLM, 10, FakeFleet.model("Qwen/Qwen3-8B"));
        fleet.add("b", FakeFleet.LM_STUDIO, 20, FakeFleet.model("qwen/qwen3-8b"));

        assertThat(ids()).containsExactly("qwen/qwen3-8b");
        assertThat(find("qwen/qwen3-8b").aliases()).containsExactly("qwen/qwen3-8b", "Qwen/Qwen3-8B");
    }

    @Test
    void theIdIsTheNameThatMostEndpointsUseThenThePreferredOnesThenTheFirstInTheAlphabet() {
        fleet.add("a", FakeFleet.OLLAMA, 90, FakeFleet.model("rare", "d1"), FakeFleet.model("zeta", "d2"));
        fleet.add("b", FakeFleet.OLLAMA, 10, FakeFleet.model("common", "d1"), FakeFleet.model("alpha", "d2"));
        fleet.add("c", FakeFleet.OLLAMA, 10, FakeFleet.model("common", "d1"));
        fleet.add("d", FakeFleet.OLLAMA, 5, FakeFleet.model("y", "d3"), FakeFleet.model("x", "d3"));

        assertThat(ids()).containsExactly("common", "x", "zeta");
    }

    @Test
    void aNameWithTwoDigestsHasTwoEntries() {
        fleet.add("a", FakeFleet.OLLAMA, 10, FakeFleet.model("m", "aaaaaaaa11"));
        fleet.add("b", FakeFleet.OLLAMA, 20, FakeFleet.model("m", "bbbbbbbb22"));

        assertThat(ids()).containsExactly("m", "m-aaaaaaaa");
        assertThat(endpoints(find("m"))).containsExactly("b");
        assertThat(endpoints(find("m-aaaaaaaa"))).containsExactly("a");
        assertThat(find("m-aaaaaaaa").aliases()).containsExactly("m");
    }

    @Test
    void aNameWithoutDigestJoinsTheEntryThatMoreEndpointsCallSo() {
        fleet.add("a", FakeFleet.OLLAMA, 90, FakeFleet.model("m", "aaaaaaaa11"));
        fleet.add("b", FakeFleet.OLLAMA, 20, FakeFleet.model("m", "bbbbbbbb22"));
        fleet.add("c", FakeFleet.OLLAMA, 20, FakeFleet.model("m", "bbbbbbbb22"));
        fleet.add("d", FakeFleet.VLLM, 1, FakeFleet.model("M"));

        assertThat(endpoints(find("m"))).containsExactly("b", "c", "d");
        assertThat(endpoints(find("m-aaaaaaaa"))).containsExactly("a");
    }

    @Test
    void digestsThatBeginAlikeStayApart() {
        fleet.add("a", FakeFleet.OLLAMA, 10, FakeFleet.model("m", "aaaaaaaa1"));
        fleet.add("b", FakeFleet.OLLAMA, 10, FakeFleet.model("m", "aaaaaaaa2"));
        fleet.add("c", FakeFleet.OLLAMA, 10, FakeFleet.model("m", "aaaaaaaa3"));
        fleet.add("d", FakeFleet.OLLAMA, 99, FakeFleet.model("m-aaaaaaaa", "x"), FakeFleet.model("m-aaaaaaaa3", "y"));

        assertThat(ids()).hasSize(5).doesNotHaveDuplicates().contains("m");
    }

    @Test
    void aDownEndpointsModelsShowOnlyWhenAskedFor() {
        Endpoint down = fleet.add("a", FakeFleet.OLLAMA, 10, FakeFleet.model("m", "d1"));
        fleet.set(down, EndpointStatus.OFFLINE);

        assertThat(ids()).isEmpty();
        assertThat(UnifiedCatalogue.of(fleet.snapshot()).find("m")).isNotNull();
    }

    @Test
    void detailsComeFromThePreferredSourceThatHasThem() {
        fleet.add(
                "a",
                FakeFleet.OLLAMA,
                10,
                FakeFleet.model("m", null, 5, FakeFleet.details(null, "qwen", "8B", "Q8_0")));
        fleet.add("b", FakeFleet.OLLAMA, 20, FakeFleet.model("m", null, 7, FakeFleet.details(null, null, "9B", null)));

        assertThat(find("m").family()).isEqualTo("qwen");
        assertThat(find("m").parameterSize()).isEqualTo("9b");
        assertThat(find("m").quantization()).isEqualTo("q8");
        assertThat(find("m").diskSize()).isEqualTo(7);
    }

    @Test
    void theViewIsMadeOncePerSnapshot() {
        UnifiedModels models = new UnifiedModels(fleet);
        fleet.add("a", FakeFleet.OLLAMA, 10, FakeFleet.model("m"));
        UnifiedCatalogue first = models.available();
        assertThat(models.available()).isSameAs(first);

        fleet.add("b", FakeFleet.OLLAMA, 10, FakeFleet.model("n"));

        assertThat(models.available().models()).hasSize(2);
    }

    @Test
    void theIdsStayWhenAServerGoesDown() {
        Endpoint down = fleet.add("a", FakeFleet.OLLAMA, 10, FakeFleet.model("m", "d1"));
        fleet.add("b", FakeFleet.OLLAMA, 5, FakeFleet.model("n", "d1"));
        assertThat(ids()).containsExactly("m");

        fleet.set(down, EndpointStatus.OFFLINE);

        assertThat(ids()).containsExactly("m");
        assertThat(endpoints(find("m"))).containsExactly("b");
    }

    @Test
    void kindsThatAreKeptApartShareNoEntry() {
        fleet.keepKindsApart();
        fleet.add("v", FakeFleet.VLLM, 10, FakeFleet.model("m"));
        fleet.add("o", FakeFleet.OLLAMA, 20, FakeFleet.model("m", "aaaaaaaa11"));
        fleet.add("p", FakeFleet.OLLAMA, 20, FakeFleet.model("m", "bbbbbbbb22"));
        fleet.add("w", FakeFleet.VLLM, 30, FakeFleet.model("other"));

        assertThat(ids()).containsExactly("m", "m-bbbbbbbb", "m@vllm", "other");
        assertThat(endpoints(find("m"))).containsExactly("o");
        assertThat(endpoints(find("m@vllm"))).containsExactly("v");
    }
}
