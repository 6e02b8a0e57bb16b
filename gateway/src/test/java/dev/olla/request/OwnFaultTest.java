package dev.olla.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.Eventually;
import dev.olla.request.select.Balancer;
import dev.olla.telemetry.EndpointStatistics;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A fault of the gateway's own is answered and counted, on whichever thread and at whichever moment it comes up.
class OwnFaultTest {

    private static final Balancer BROKEN = _ -> {
        throw new IllegalStateException("a fault of our own, made by a test");
    };

    /// Larger bodies are looked at on a thread of their own and come back to the loop later.
    @ParameterizedTest
    @ValueSource(ints = {10, 300_000})
    void aFaultWhileSendingIs500(int padding) throws Exception {
        SampleFleet fleet = new SampleFleet().withEquals("box");
        try (PipelineGateway gateway = new PipelineGateway(fleet, BROKEN);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST", "/olla/proxy/v1/other", "", "{\"x\":\"" + "x".repeat(padding) + "\"}");
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).contains("internal_error");
            assertThat(answer.header("X-Olla-Request-ID")).isNotNull();
            assertCounted(gateway, 1);
            client.send("POST", "/olla/proxy/v1/other", "", "{}");
            assertThat(client.readResponse().status()).isEqualTo(500);
            assertCounted(gateway, 2);
        }
    }

    private static void assertCounted(PipelineGateway gateway, int requests) {
        EndpointStatistics counted = gateway.statistics().requests();
        Eventually.await("the request is over", () -> gateway.statistics().active() == 0);
        assertThat(counted.requests()).isEqualTo(requests);
        assertThat(counted.failures()).isEqualTo(requests);
    }
}
