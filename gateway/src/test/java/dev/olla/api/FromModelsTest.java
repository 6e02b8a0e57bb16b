package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointStatus;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// How often lists are made anew.
class FromModelsTest {

    private final FakeFleet fleet = new FakeFleet();
    private final Endpoint a = fleet.add("a", FakeFleet.OLLAMA, 100, FakeFleet.model("m"));
    private final Endpoint b = fleet.add("b", FakeFleet.OLLAMA, 100, FakeFleet.model("m"));
    private final AtomicInteger made = new AtomicInteger();

    @Test
    void aListIsMadeOnceAsLongAsNothingChanges() {
        FromModels<Integer> list = new FromModels<>(fleet, _ -> made.incrementAndGet());
        for (int i = 0; i < 100; i++) {
            fleet.set(a, i % 2 == 0 ? EndpointStatus.BUSY : EndpointStatus.HEALTHY);
            assertThat(list.get()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatComesAndGoesWhileNobodyAsksCostsNothing() {
        FromModels<Integer> list = new FromModels<>(fleet, _ -> made.incrementAndGet());
        list.get();
        for (int i = 0; i < 100; i++) {
            fleet.set(b, EndpointStatus.OFFLINE);
            fleet.set(b, EndpointStatus.HEALTHY);
        }
        list.get();
        assertThat(made).hasValue(1);
        fleet.set(b, EndpointStatus.OFFLINE);
        for (int i = 0; i < 100; i++) {
            list.get();
        }
        assertThat(made).hasValue(2);
    }

    @Test
    void onlyAListThatShowsWhatIsLoadedIsMadeAnewWhenThatChanges() {
        FromModels<Integer> plain = new FromModels<>(fleet, _ -> made.incrementAndGet());
        AtomicInteger madeWithLoaded = new AtomicInteger();
        FromModels<Integer> showing = FromModels.withLoaded(fleet, _ -> madeWithLoaded.incrementAndGet());
        for (int i = 0; i < 3; i++) {
            a.residency().seen(List.of("m"), _ -> 1);
            plain.get();
            showing.get();
        }
        assertThat(made).hasValue(1);
        assertThat(madeWithLoaded).hasValue(1);
        a.residency().seen(List.of(), _ -> 1);
        plain.get();
        showing.get();
        assertThat(made).hasValue(1);
        assertThat(madeWithLoaded).hasValue(2);
    }
}
