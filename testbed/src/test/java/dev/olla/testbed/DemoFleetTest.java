package dev.olla.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoFleetTest {

    @Test
    void configuresAGatewayInFrontOfItsServers() {
        try (DemoFleet fleet = new DemoFleet(_ -> {})) {
            String yaml = fleet.gatewayConfiguration(4711);

            assertThat(yaml).contains("  port: 4711\n", "  format: \"text\"\n");
            for (SimulatedServer server : fleet.servers()) {
                assertThat(yaml)
                        .contains("      - url: \"%s\"%n        name: \"%s\"%n        type: \"%s\"%n"
                                .formatted(server.uri(), server.name(), server.kind()));
            }
            assertThat(fleet.modelNames()).hasSize(4).contains(DemoFleet.SHARED_MODEL);
        }
    }
}
