package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.config.Profiles;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// How many requests may run on a server, and how many it is expected to work on.
class ServerLimitsTest {

    private static final List<ConcurrencyLimit> ROWS =
            List.of(new ConcurrencyLimit(0.5, 8), new ConcurrencyLimit(30, 1), new ConcurrencyLimit(8.5, 4));

    private static final WrittenValues NOTHING = WrittenValues.NONE;

    @Test
    void theRowWithTheLargestMemoryThatTheModelReachesCounts() {
        ConcurrencyLimits own = new ConcurrencyLimits(0, ROWS);
        assertThat(limit(own, NOTHING, 40)).isEqualTo(1);
        assertThat(limit(own, NOTHING, 30)).isEqualTo(1);
        assertThat(limit(own, NOTHING, 8.6)).isEqualTo(4);
        assertThat(limit(own, NOTHING, 8.4)).isEqualTo(8);
        assertThat(limit(own, NOTHING, 0.4)).as("below every row").isZero();
    }

    @Test
    void whereBothAreWrittenAtOnePlaceTheSmallerHolds() {
        assertThat(limit(new ConcurrencyLimits(3, ROWS), NOTHING, 10)).isEqualTo(3);
        assertThat(limit(new ConcurrencyLimits(3, ROWS), NOTHING, 40)).isEqualTo(1);
        assertThat(limit(ConcurrencyLimits.NONE, chosen(3, ROWS), 10)).isEqualTo(3);
        assertThat(limit(ConcurrencyLimits.NONE, chosen(3, ROWS), 40)).isEqualTo(1);
    }

    @Test
    void theTableOfTheEndpointCountsBeforeThatOfTheProfileFile() {
        ConcurrencyLimits own = new ConcurrencyLimits(0, List.of(new ConcurrencyLimit(8, 9)));
        assertThat(limit(own, chosen(3, ROWS), 10)).isEqualTo(9);
        assertThat(limit(own, chosen(null, ROWS), 5))
                .as("only the file has a row")
                .isEqualTo(8);
    }

    @Test
    void aTableCountsBeforeALimitForAllAndThatOfTheEndpointIsNeverExceeded() {
        assertThat(limit(new ConcurrencyLimits(20, List.of()), chosen(null, ROWS), 10))
                .isEqualTo(4);
        assertThat(limit(new ConcurrencyLimits(2, List.of()), chosen(null, ROWS), 10))
                .isEqualTo(2);
    }

    @Test
    void withoutATableTheLimitForAllCounts() {
        assertThat(limit(new ConcurrencyLimits(5, List.of()), chosen(7, null), 10))
                .isEqualTo(5);
        assertThat(limit(ConcurrencyLimits.NONE, chosen(7, null), 10)).isEqualTo(7);
        assertThat(limit(ConcurrencyLimits.NONE, NOTHING, 10))
                .as("nobody wrote any")
                .isZero();
    }

    @Test
    void thePolicyProfileAppliesTheBuiltInFiguresWhereNobodyWroteAny() {
        assertThat(under(LimitPolicy.PROFILE, "ollama").forMemory(40)).isEqualTo(1);
        assertThat(under(LimitPolicy.PROFILE, "ollama").forMemory(20)).isEqualTo(2);
        assertThat(under(LimitPolicy.PROFILE, "ollama").forMemory(6)).isEqualTo(8);
        assertThat(under(LimitPolicy.PROFILE, "ollama").largest()).isEqualTo(8);
        assertThat(under(LimitPolicy.PROFILE, "lm-studio").forMemory(6)).isEqualTo(1);
        assertThat(under(LimitPolicy.CONFIGURED, "lm-studio").forMemory(6)).isZero();
        assertThat(under(LimitPolicy.CONFIGURED, "lm-studio").largest()).isZero();
        ConcurrencyLimits own = new ConcurrencyLimits(20, List.of(), LimitPolicy.PROFILE);
        assertThat(new ServerLimits(own, kind("ollama")).forMemory(40)).isEqualTo(20);
    }

    @Test
    void thePolicyNoneAppliesNothing() {
        ConcurrencyLimits own = new ConcurrencyLimits(3, ROWS, LimitPolicy.NONE);
        assertThat(new ServerLimits(own, kind("lm-studio")).forMemory(40)).isZero();
        assertThat(new ServerLimits(own, kind("lm-studio")).largest()).isZero();
    }

    @Test
    void theLargestIsThatOfTheRows() {
        assertThat(new ServerLimits(new ConcurrencyLimits(0, ROWS), kind("vllm")).largest())
                .isEqualTo(8);
        assertThat(new ServerLimits(new ConcurrencyLimits(3, ROWS), kind("vllm")).largest())
                .isEqualTo(3);
    }

    @Test
    void whatIsOnlyExpectedIsAnEstimate() {
        assertThat(under(LimitPolicy.CONFIGURED, "ollama").capacity(6, 0)).isEqualTo(1);
        assertThat(under(LimitPolicy.CONFIGURED, "lm-studio").capacity(6, 0)).isEqualTo(1);
        assertThat(under(LimitPolicy.CONFIGURED, "vllm").capacity(6, 0)).isEqualTo(100);
        assertThat(under(LimitPolicy.CONFIGURED, "vllm").capacity(60, 0)).isEqualTo(20);
        assertThat(under(LimitPolicy.CONFIGURED, "llamacpp").capacity(6, 3))
                .as("slots that the server reports")
                .isEqualTo(3);
        assertThat(new ServerLimits(new ConcurrencyLimits(2, List.of()), kind("llamacpp")).capacity(6, 3))
                .as("what is written counts first")
                .isEqualTo(2);
    }

    @Test
    void memoryIsWhatTheServerReportsElseWhatTheNameTellsTimesItsQuantisation() {
        ConcurrencyLimits own = new ConcurrencyLimits(
                0, List.of(new ConcurrencyLimit(0, 9), new ConcurrencyLimit(20, 2), new ConcurrencyLimit(40, 1)));
        assertThat(place(own, "llama3:70b", 0).limit()).as("40 GB").isEqualTo(1);
        assertThat(place(own, "llama3:70b-q4_0", 0).limit()).as("20 GB").isEqualTo(2);
        assertThat(place(own, "llama3:70b-q4_0", 40_000_000_000L).limit())
                .as("40 GB, whatever the name says")
                .isEqualTo(1);
        assertThat(place(own, "llama3:70b", 19_999_999_999L).limit()).isEqualTo(9);
    }

    private static Placement place(ConcurrencyLimits own, String model, long size) {
        EndpointSettings settings =
                EndpointSettings.of("a", URI.create("http://a"), "ollama").withLimits(own);
        Endpoint endpoint = Endpoints.of(
                        List.of(settings), Profiles.builtIn(), CircuitBreakerSettings.DEFAULTS, System::nanoTime)
                .getFirst();
        DiscoveredModel listed = new DiscoveredModel(model, size, null, null, DiscoveredModel.Details.NONE, null);
        EndpointState state = EndpointState.unknown(endpoint).listed(List.of(listed), Instant.EPOCH, null);
        return new ModelCatalogue(List.of(state)).placements().getFirst();
    }

    private static int limit(ConcurrencyLimits own, WrittenValues written, double memoryGb) {
        BackendProfile kind = kind("vllm");
        BackendProfile chosen = new BackendProfile(
                kind.name(),
                kind.displayName(),
                kind.prefixes(),
                kind.api(),
                kind.parsing(),
                kind.characteristics(),
                written,
                kind.later());
        return new ServerLimits(own, chosen).forMemory(memoryGb);
    }

    private static WrittenValues chosen(@Nullable Integer most, @Nullable List<ConcurrencyLimit> rows) {
        return new WrittenValues(null, most, null, rows, DetectionHints.NONE);
    }

    private static ServerLimits under(LimitPolicy policy, String kind) {
        return new ServerLimits(new ConcurrencyLimits(0, List.of(), policy), kind(kind));
    }

    private static BackendProfile kind(String type) {
        return Objects.requireNonNull(Profiles.builtIn().byType(type));
    }
}
