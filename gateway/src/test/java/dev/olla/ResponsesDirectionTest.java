package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.WebSearchTool;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// OpenAI's Responses from servers that don't know them.
class ResponsesDirectionTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aConversationGoesOnFromAResponseThatIsKept(OneFormat format) {
        try (SimulatedServer server = format.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", format.endpoint(server));
                SdkClients clients = SdkClients.of(gateway, "/olla/proxy")) {
            Response first = clients.openAi()
                    .responses()
                    .create(question("My name is Ada.").build());
            ResponseCreateParams second =
                    question("What is my name?").previousResponseId(first.id()).build();
            try (StreamResponse<ResponseStreamEvent> events =
                    clients.openAi().responses().createStreaming(second)) {
                ResponsesSdk.whole(events);
            }
            assertThat(server.lastTo(format.path()).bodyText())
                    .containsSubsequence("My name is Ada.", "box says: w1 w2 w3", "What is my name?");
        }
    }

    private static ResponseCreateParams.Builder question(String text) {
        return ResponsesSdk.question().input(text);
    }

    @Test
    void aResponseThatIsNotToBeKeptIsNot() {
        try (SimulatedServer server = OneFormat.CHAT.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", OneFormat.CHAT.endpoint(server));
                SdkClients clients = SdkClients.of(gateway, "/olla/openai")) {
            Response first = clients.openAi()
                    .responses()
                    .create(question("Hi").store(false).build());
            NotFoundException gone = Assertions.catchThrowableOfType(
                    NotFoundException.class,
                    () -> clients.openAi()
                            .responses()
                            .create(question("Still there?")
                                    .previousResponseId(first.id())
                                    .build()));

            assertThat(gone.code()).contains("previous_response_not_found");
            assertThat(gone.getMessage()).contains(first.id());
            assertThat(server.requests("/v1/chat/completions")).isEqualTo(1);
        }
    }

    @Test
    void aToolThatCannotRunHereIsRefusedByItsName() {
        try (SimulatedServer server = OneFormat.CHAT.server("box").start();
                TestGateway gateway = OneFormat.gateway(folder, "", OneFormat.CHAT.endpoint(server));
                SdkClients clients = SdkClients.of(gateway, "/olla/openai")) {
            BadRequestException refused = Assertions.catchThrowableOfType(
                    BadRequestException.class,
                    () -> clients.openAi()
                            .responses()
                            .create(question("Hi")
                                    .addTool(WebSearchTool.builder()
                                            .type(WebSearchTool.Type.WEB_SEARCH)
                                            .build())
                                    .build()));
            assertThat(refused.getMessage()).contains("web_search");
            assertThat(server.requests("/v1/chat/completions")).isZero();
        }
    }

    @Test
    void eventsComeInTheDocumentedOrderAndAreNumbered() throws IOException {
        try (SimulatedServer server = OneFormat.CHAT.server("box").tokens(2).start();
                TestGateway gateway = OneFormat.gateway(folder, "", OneFormat.CHAT.endpoint(server));
                RawClient client = gateway.raw()) {
            client.send("POST", ClientFormat.RESPONSES.path(), "", ClientFormat.RESPONSES.body(OneFormat.MODEL, true));
            List<String> types = new ArrayList<>();
            List<Integer> numbers = new ArrayList<>();
            for (String line : String.join("", client.readResponse().chunks()).split("\n", -1)) {
                if (line.startsWith("data: ")) {
                    JsonNode event = TestGateway.JSON.readTree(line.substring(6));
                    types.add(event.path("type").asString());
                    numbers.add(event.path("sequence_number").asInt(-1));
                }
            }
            assertThat(types)
                    .containsExactly(
                            "response.created",
                            "response.in_progress",
                            "response.output_item.added",
                            "response.content_part.added",
                            "response.output_text.delta",
                            "response.output_text.delta",
                            "response.output_text.done",
                            "response.content_part.done",
                            "response.output_item.done",
                            "response.completed");
            assertThat(numbers).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        }
    }
}
