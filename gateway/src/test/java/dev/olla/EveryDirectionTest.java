package dev.olla;

import static dev.olla.SdkClients.Client.CHAT;
import static dev.olla.SdkClients.Client.MESSAGES;
import static dev.olla.SdkClients.Client.OLLAMA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.Sdk.Said;
import dev.olla.Sdk.Talk;
import dev.olla.SdkClients.Client;
import dev.olla.testbed.RecordedRequest;
import dev.olla.testbed.SimulatedServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every public client before a server of every format, streaming and not, with tools and images.
class EveryDirectionTest {

    private static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    @TempDir
    private Path folder;

    static Stream<Arguments> directions() {
        List<Arguments> directions = new ArrayList<>();
        for (Client client : Client.values()) {
            for (OneFormat server : OneFormat.values()) {
                directions.add(Arguments.of(client, client.route(), server));
                directions.add(Arguments.of(client, "/olla/any", server));
            }
        }
        for (OneFormat server : OneFormat.values()) {
            directions.add(Arguments.of(CHAT, "/olla/proxy", server));
        }
        return directions.stream();
    }

    @ParameterizedTest(name = "{0} by {1} to {2}")
    @MethodSource("directions")
    void aClientTalksCallsToolsAndShowsImages(Client client, String route, OneFormat format) {
        try (SimulatedServer server = format.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", format.endpoint(server));
                SdkClients clients = SdkClients.of(gateway, route)) {
            for (boolean stream : List.of(false, true)) {
                Sdk sdk = clients.sdk(client);
                words(sdk, stream, client);
                tools(sdk, stream, client, format, server);
                image(sdk, stream, format, server);
            }
        }
    }

    private static void words(Sdk sdk, boolean stream, Client client) {
        Said said = sdk.talk(stream, List.of()).say("Hello there");

        assertThat(said.text()).isEqualTo("box says: w1 w2 w3");
        assertThat(said.calls()).isEmpty();
        assertThat(said.reason())
                .isEqualTo(
                        switch (client) {
                            case MESSAGES -> "end_turn";
                            case CHAT -> "stop";
                            case RESPONSES -> "completed";
                            case OLLAMA -> "STOP";
                        });
        assertThat(said.answerTokens()).isEqualTo(4);
        assertThat(said.promptTokens()).isPositive();
    }

    /// Two calls in one answer; what the tools gave reaches the server beside the calls that it belongs to.
    private static void tools(Sdk sdk, boolean stream, Client client, OneFormat format, SimulatedServer server) {
        Talk talk = sdk.talk(stream, List.of("weather", "time"));
        Said said = talk.say("tool:weather,time Oslo");

        assertThat(said.tools()).containsExactly("weather", "time");
        assertThat(said.calls().getFirst().id().equals(said.calls().getLast().id()))
                .isEqualTo(client == OLLAMA && said.calls().getFirst().id().isEmpty());
        assertThat(said.calls()).allSatisfy(call -> assertThat(call.arguments()).contains("Oslo"));
        if (client == MESSAGES) {
            assertThat(said.reason()).isEqualTo("tool_use");
        }
        talk.tell(tool -> tool + " is fine");

        RecordedRequest last = server.lastTo(format.path());
        boolean nameless = client == OLLAMA && format == OneFormat.OLLAMA; // the library names no tools
        assertThat(format.results(last))
                .containsExactly(
                        (nameless ? "" : "weather") + "=weather is fine", (nameless ? "" : "time") + "=time is fine");
        assertThat(last.bodyText()).contains("You are brief.", "tool:weather,time Oslo");
    }

    private static void image(Sdk sdk, boolean stream, OneFormat format, SimulatedServer server) {
        Said said = sdk.talk(stream, List.of()).show("What is it?", PNG);

        assertThat(said.text()).isEqualTo("box says: w1 w2 w3");
        assertThat(format.images(server.lastTo(format.path()))).containsExactly(PNG);
    }
}
