package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What real Ollamas answer through the gateway is what they answer without it, line by line.
@RealOllama
class RealOllamaAnswersTest {

    private static final List<String> NAMES = List.of("llama3.2", "llama3.2:latest");
    private static final List<String> STREAM = List.of("", ",\"stream\":true", ",\"stream\":false");

    private static final String OPTIONS = ",\"options\":{\"seed\":1,\"temperature\":0,\"num_predict\":5}";
    private static final String OPENAI_OPTIONS = ",\"seed\":1,\"temperature\":0,\"max_tokens\":5";
    private static final String MESSAGES = ",\"messages\":[{\"role\":\"user\",\"content\":\"why is the sky blue?\"}]";
    private static final String TOOLS = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\","
            + "\"description\":\"now\",\"parameters\":{\"type\":\"object\",\"properties\":{}}}}]";

    private static RealOllamaFleet fleet;

    /// @param fields what follows the model, each with a comma before it
    record Call(String path, String fields) {

        String body(String model) {
            return "{\"model\":\"" + model + "\"" + fields + "}";
        }

        @Override
        public String toString() {
            return path + " {model" + fields + "}";
        }
    }

    @BeforeAll
    static void start() {
        fleet = new RealOllamaFleet();
    }

    @AfterAll
    static void close() {
        fleet.close();
    }

    static Stream<Call> everyPath() {
        return streaming(
                new Call("/api/generate", ",\"prompt\":\"why is the sky blue?\"" + OPTIONS),
                new Call("/api/chat", MESSAGES + OPTIONS),
                new Call("/api/embeddings", ",\"prompt\":\"why is the sky blue?\""),
                new Call("/api/embed", ",\"input\":\"why is the sky blue?\""),
                new Call("/v1/chat/completions", MESSAGES + OPENAI_OPTIONS),
                new Call("/v1/completions", ",\"prompt\":\"why is the sky blue?\"" + OPENAI_OPTIONS),
                new Call("/v1/embeddings", ",\"input\":\"why is the sky blue?\""));
    }

    static Stream<Call> everyField() {
        String prompt = ",\"prompt\":\"hi\"" + OPTIONS;
        return streaming(
                new Call("/api/generate", prompt + ",\"format\":\"json\""),
                new Call("/api/generate", prompt + ",\"raw\":true"),
                new Call("/api/generate", prompt + ",\"system\":\"be brief\",\"keep_alive\":\"5m\""),
                new Call("/api/generate", prompt + ",\"context\":[1,2,3]"),
                new Call("/api/chat", MESSAGES + OPTIONS + ",\"format\":\"json\""),
                new Call("/api/chat", MESSAGES + OPTIONS + ",\"keep_alive\":\"5m\""),
                new Call("/api/embed", ",\"input\":[\"a\",\"b\"],\"truncate\":true"),
                new Call("/api/embed", ",\"input\":\"a\",\"dimensions\":8"),
                new Call("/v1/chat/completions", MESSAGES + OPENAI_OPTIONS + ",\"stop\":[\"q\"],\"top_p\":0.5"),
                new Call(
                        "/v1/chat/completions",
                        MESSAGES + OPENAI_OPTIONS + ",\"stream_options\":{\"include_usage\":true}"),
                new Call(
                        "/v1/chat/completions",
                        MESSAGES + OPENAI_OPTIONS + ",\"response_format\":{\"type\":\"json_object\"}"),
                new Call(
                        "/v1/completions",
                        ",\"prompt\":\"hi\"" + OPENAI_OPTIONS + ",\"stream_options\":{\"include_usage\":true}"),
                new Call("/v1/embeddings", ",\"input\":[\"a\",\"b\"]"),
                new Call("/v1/embeddings", ",\"input\":\"a\",\"encoding_format\":\"base64\""));
    }

    /// Calls that Ollama itself refuses; of those it answers with 500 there are few, they count against a server.
    static Stream<Call> everyMistake() {
        return Stream.of(
                new Call("/api/chat", MESSAGES + ",\"options\":{\"temperature\":\"hot\"}"),
                new Call("/api/chat", ",\"messages\":\"hi\""),
                new Call("/api/chat", MESSAGES + TOOLS),
                new Call("/api/chat", MESSAGES + ",\"options\":"),
                new Call("/api/generate", ",\"prompt\":\"hi\",\"format\":\"xml\""),
                new Call("/api/generate", ",\"prompt\":\"hi\",\"keep_alive\":\"soon\""),
                new Call("/api/generate", ",\"prompt\":\"hi\",\"suffix\":\"there\""),
                new Call("/api/generate", ",\"prompt\":[1]"),
                new Call("/api/embed", ",\"input\":5"),
                new Call("/api/embed", ""),
                new Call("/v1/chat/completions", ",\"messages\":[]"),
                new Call("/v1/chat/completions", ",\"messages\":[{\"role\":\"user\",\"content\":5}]"),
                new Call("/v1/chat/completions", MESSAGES + TOOLS),
                new Call("/v1/completions", ",\"prompt\":5,\"max_tokens\":2"),
                new Call("/v1/embeddings", ",\"input\":\"\""));
    }

    private static Stream<Call> streaming(Call... calls) {
        return Stream.of(calls)
                .flatMap(call -> STREAM.stream().map(stream -> new Call(call.path(), call.fields() + stream)));
    }

    @ParameterizedTest
    @MethodSource("everyPath")
    void everyPathAnswersAsDirectlyUnderEveryFamilyAndName(Call call) {
        for (String family : RealOllamaFleet.FAMILIES) {
            for (String name : NAMES) {
                fleet.assertSameAsDirect(RealOllamaFleet.BOTH, family, "POST", call.path(), call.body(name));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyField")
    void everyFieldReachesTheServer(Call call) {
        fleet.assertSameAsDirect(
                RealOllamaFleet.BOTH, "/olla/ollama", "POST", call.path(), call.body(RealOllamaFleet.SHARED));
    }

    @ParameterizedTest
    @MethodSource("everyMistake")
    void mistakesAreAnsweredInTheServersOwnWords(Call call) {
        fleet.assertSameAsDirect(
                RealOllamaFleet.BOTH, "/olla/ollama", "POST", call.path(), call.body(RealOllamaFleet.SHARED));
    }

    @Test
    void aRequestThatNamesNoModelIsTheServersToJudge() {
        for (String path : List.of("/api/chat", "/api/generate", "/api/embed", "/v1/chat/completions")) {
            fleet.assertSameAsDirect(RealOllamaFleet.BOTH, "/olla/ollama", "POST", path, "{}");
            fleet.assertSameAsDirect(RealOllamaFleet.BOTH, "/olla/ollama", "POST", path, null);
            fleet.assertSameAsDirect(RealOllamaFleet.BOTH, "/olla/ollama", "GET", path, null);
        }
    }

    @Test
    void aModelOfOneServerGoesThereUnderEveryFamily() {
        for (String family : RealOllamaFleet.FAMILIES) {
            for (Call call : everyPath().toList()) {
                fleet.assertSameAsDirect(
                        Set.of(RealOllamaFleet.B), family, "POST", call.path(), call.body(RealOllamaFleet.ONLY_B));
            }
        }
    }

    @Test
    void anUnknownModelIs404InTheCallersForm() {
        for (String family : RealOllamaFleet.FAMILIES) {
            for (Call call : everyPath().toList()) {
                HttpResponse<String> answer = fleet.ask("POST", family + call.path(), call.body("nobody"));
                assertThat(answer.statusCode()).isEqualTo(404);
                var error = TestGateway.JSON.readTree(answer.body()).path("error");
                assertThat(
                                call.path().startsWith("/api/")
                                        ? error.isString()
                                        : error.path("message").isString())
                        .as(answer.body())
                        .isTrue();
            }
        }
    }

    @Test
    void anEmptyRequestLoadsAndAKeepAliveOfZeroUnloads() {
        Set<String> a = Set.of(RealOllamaFleet.A);
        for (String family : RealOllamaFleet.FAMILIES) {
            for (String path : List.of("/api/generate", "/api/chat")) {
                String load = new Call(path, "").body(RealOllamaFleet.ONLY_A);
                fleet.assertSameAsDirect(a, family, "POST", path, load);
                Eventually.await("loaded by " + path, () -> loaded().contains(RealOllamaFleet.ONLY_A));
                String unload = new Call(path, ",\"keep_alive\":0").body(RealOllamaFleet.ONLY_A);
                HttpResponse<String> answer = fleet.ask("POST", family + path, unload);
                assertThat(answer.body()).contains("\"done_reason\":\"unload\"");
                Eventually.await("unloaded by " + path, () -> !loaded().contains(RealOllamaFleet.ONLY_A));
                fleet.assertSameAsDirect(a, family, "POST", path, unload);
            }
        }
    }

    private static List<String> loaded() {
        List<String> names = new ArrayList<>();
        String body =
                fleet.askDirectly(RealOllamaFleet.A, "GET", "/api/ps", null).body();
        TestGateway.JSON
                .readTree(body)
                .path("models")
                .forEach(model -> names.add(model.path("name").asString()));
        return names;
    }
}
