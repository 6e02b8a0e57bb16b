package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No call that changes the models of a real server gets through, however it is spelled.
@RealOllama
class RealOllamaManagementTest {

    private static final String BODY = "{\"model\":\"llama3.2\",\"source\":\"llama3.2\",\"destination\":\"copy\"}";

    private static RealOllamaFleet fleet;

    @BeforeAll
    static void start() {
        fleet = new RealOllamaFleet();
    }

    @AfterAll
    static void close() {
        fleet.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /api/pull",
                "POST /api/push",
                "POST /api/create",
                "POST /api/copy",
                "DELETE /api/delete",
                "POST /api/blobs/sha256:29fdb92e57cf0827ded04ae6461b5931d01fa595843f55d36f5b275a52087dd2",
                "DELETE /api/delete?x=1",
                "DELETE /api/delete/",
                "DELETE /api//delete",
                "DELETE //api/delete",
                "DELETE /api/./delete",
                "DELETE /api/x/../delete",
                "DELETE /v1/../api/delete",
                "DELETE /api/%64elete",
                "DELETE /%61pi/delete",
                "DELETE /api%2Fdelete",
                "DELETE /api/x/%2e%2e/delete",
                "DELETE /%2fapi/delete"
            })
    void managementIs501InOllamasForm(String call) throws IOException {
        String[] parts = call.split(" ", 2);
        List<String> before = models();
        for (String family : RealOllamaFleet.FAMILIES) {
            try (RawClient client = fleet.gateway().raw()) {
                client.send(parts[0], family + parts[1], "Content-Type: application/json\r\n", BODY);
                RawResponse answer = client.readResponse();
                assertThat(answer.status()).isEqualTo(501);
                assertThat(answer.body())
                        .isEqualTo("{\"error\":\"model management operations not supported by proxy\"}");
            }
        }
        assertThat(models()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256:29fdb92e57cf0827ded04ae6461b5931d01fa595843f55d36f5b275a52087dd2", "x"})
    void askingForABlobIs501Too(String digest) {
        for (String family : RealOllamaFleet.FAMILIES) {
            assertThat(fleet.ask("HEAD", family + "/api/blobs/" + digest, null).statusCode())
                    .isEqualTo(501);
        }
    }

    /// What the servers hold, sorted; they list those of one second in any order.
    private static List<String> models() {
        List<String> models = new ArrayList<>();
        for (String endpoint : RealOllamaFleet.BOTH) {
            String tags = fleet.askDirectly(endpoint, "GET", "/api/tags", null).body();
            TestGateway.JSON.readTree(tags).path("models").forEach(model -> models.add(model.toString()));
        }
        Collections.sort(models);
        return models;
    }
}
