package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelRoomTest {

    private final List<Endpoint> endpoints =
            Samples.endpoints(Samples.settings("a", "vllm", 5000), Samples.settings("b", "vllm", 5000));
    private final List<EndpointState> states =
            new ArrayList<>(endpoints.stream().map(EndpointState::unknown).toList());
    private final ModelRoom room = new ModelRoom(2, 3);

    private ModelRoom.Admitted list(int position, String... names) {
        FleetSnapshot snapshot = new FleetSnapshot(states, new ModelCatalogue(states));
        KnownModels known = KnownModels.of(snapshot, endpoints.get(position));
        List<DiscoveredModel> models = known.applyTo(Samples.models(names), Instant.EPOCH);
        ModelRoom.Admitted admitted = room.admit(endpoints.get(position), models, known);
        states.set(position, states.get(position).listed(admitted.models(), Instant.EPOCH, null));
        return admitted;
    }

    private static List<String> names(ModelRoom.Admitted admitted) {
        return admitted.models().stream().map(DiscoveredModel::name).toList();
    }

    @Test
    void whatHasNoRoomIsLeftOutAndTold() {
        assertThat(list(0, "a", "b").remark()).isNull();
        ModelRoom.Admitted second = list(1, "c", "d", "e");
        assertThat(names(second)).containsExactly("c");
        assertThat(second.remark()).startsWith("2 models left out: the memory has room for 3");
    }

    @Test
    void modelsThatAnotherServerHasTakeNoRoom() {
        list(0, "a", "b", "c");
        assertThat(names(list(1, "a", "b", "c", "d"))).containsExactly("a", "b", "c");
    }

    @Test
    void aShorterListGivesItsRoomBack() {
        list(0, "a", "b", "c");
        list(0, "a");
        assertThat(list(1, "x", "y").remark()).isNull();
    }
}
