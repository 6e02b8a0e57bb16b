package dev.olla.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlServerTest {

    @Test
    void reachesAServerThatRefusesConnections() throws Exception {
        try (SimulatedServer server = SimulatedServer.ollama("box-a").model("m").start();
                ControlServer control = ControlServer.start(0, List.of(server));
                Http http = new Http()) {
            URI fault = URI.create(control.uri() + "/__testbed/box-a/fault");
            HttpRequest.Builder refuse =
                    HttpRequest.newBuilder(fault).PUT(HttpRequest.BodyPublishers.ofString("{\"kind\":\"refuse\"}"));

            assertThat(http.send(refuse).statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> http.get(server, "/")).isInstanceOf(ConnectException.class);

            http.send(HttpRequest.newBuilder(fault).DELETE());
            assertThat(http.get(server, "/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void listsItsServersAndNamesTheMissing() throws Exception {
        try (SimulatedServer server = SimulatedServer.vllm("rack-1").start();
                ControlServer control = ControlServer.start(0, List.of(server));
                Http http = new Http()) {
            assertThat(http.send(HttpRequest.newBuilder(URI.create(control.uri() + "/__testbed/")))
                            .body())
                    .contains("rack-1");
            assertThat(http.send(HttpRequest.newBuilder(URI.create(control.uri() + "/__testbed/nope/stats")))
                            .statusCode())
                    .isEqualTo(404);
        }
    }
}
