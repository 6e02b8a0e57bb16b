package dev.olla;

import static dev.olla.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the inspector of Anthropic's API writes to files.
class TranscriptsTest {

    private static final String MESSAGES = "/olla/anthropic/v1/messages";
    private static final String ASKED = """
            {"model":"MODEL", "max_tokens": 9,
             "seed": 12345678901234567890.10, "stream": STREAM,
             "messages":[{"role":"user","content":"say\\nhi"}]}
            """;

    @TempDir
    private Path home;

    private Path folder;
    private SimulatedServer speaks;
    private SimulatedServer learns;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        folder = home.resolve("made/here");
        speaks = SimulatedServer.vllm("speaks").model("m").start();
        learns = SimulatedServer.openai("learns").model("t").start();
        gateway = TestGateway.of("""
                translators:
                  anthropic:
                    inspector: {enabled: true, output_dir: "%s", session_header: X-My-Session}
                """.formatted(folder) + TestGateway.endpoints(speaks, learns));
    }

    @AfterEach
    void close() {
        gateway.close();
        speaks.close();
        learns.close();
    }

    private static String asked(String model, boolean stream) {
        return ASKED.replace("MODEL", model).replace("STREAM", Boolean.toString(stream));
    }

    private HttpResponse<String> ask(String model, boolean stream, String session) {
        HttpResponse<String> answer = gateway.post(MESSAGES, asked(model, stream), "X-My-Session", session);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private Path file(String session) {
        LocalDate today = LocalDate.now(ZoneId.systemDefault());
        return Stream.of(today, today.minusDays(1))
                .map(day -> folder.resolve(day + "/" + session + ".jsonl"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no file of session " + session));
    }

    /// Closes the gateway, which writes what waits.
    private List<JsonNode> lines(String session) {
        gateway.close();
        List<JsonNode> lines = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file(session))) {
                lines.add(TestGateway.JSON.readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    @Test
    void ofWhatIsPassedOnTheRequestIsKeptAsItIs() throws IOException {
        ask("m", false, "one");
        ask("m", true, "one");
        List<JsonNode> lines = lines("one");
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst().propertyNames()).containsExactly("type", "ts", "model", "body");
        assertThat(lines.getFirst().path("type").asString()).isEqualTo("request");
        assertThat(lines.getFirst().path("model").asString()).isEqualTo("m");
        OffsetDateTime at = OffsetDateTime.parse(lines.getFirst().path("ts").asString());
        assertThat(at.getNano()).isZero();
        assertThat(at.toInstant()).isBefore(java.time.Instant.now());
        assertThat(Files.readString(file("one")))
                .contains("\"seed\": 12345678901234567890.10")
                .contains("say\\nhi");
    }

    @Test
    void ofWhatIsTranslatedTheMessageIsKeptToo() {
        JsonNode told = TestGateway.JSON.readTree(ask("t", false, "two").body());
        List<JsonNode> lines = lines("two");
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).path("type").asString()).isEqualTo("request");
        assertThat(lines.get(1).propertyNames()).containsExactly("type", "ts", "body");
        assertThat(lines.get(1).path("type").asString()).isEqualTo("response");
        assertThat(lines.get(1).path("body")).isEqualTo(told);
    }

    @Test
    void aStreamIsKeptAsTheMessageItStandsFor() {
        String stream = ask("t", true, "three").body();
        JsonNode message = lines("three").get(1).path("body");
        assertThat(stream).contains(message.path("id").asString());
        assertThat(message.path("type").asString()).isEqualTo("message");
        assertThat(message.path("stop_reason").asString()).isIn("end_turn", "max_tokens");
        String text = message.path("content").get(0).path("text").asString();
        assertThat(text).isEqualTo(textOf(stream)).isNotEmpty();
        assertThat(message.path("usage").path("output_tokens").asInt()).isPositive();
    }

    private static String textOf(String stream) {
        StringBuilder text = new StringBuilder();
        stream.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> TestGateway.JSON.readTree(line.substring(6)))
                .forEach(event -> text.append(event.path("delta").path("text").asString("")));
        return text.toString();
    }

    @Test
    void oneSessionKeepsItsOrder() {
        for (int i = 0; i < 20; i++) {
            ask("t", i % 2 == 0, "long");
        }
        List<JsonNode> lines = lines("long");
        assertThat(lines).hasSize(40);
        for (int i = 0; i < 40; i++) {
            assertThat(lines.get(i).path("type").asString()).isEqualTo(i % 2 == 0 ? "request" : "response");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../evil",
                "a b",
                "a.b",
                "käse",
                "0123456789012345678901234567890123456789012345678901234567890123x"
            })
    void aSessionThatCanBeNoFileIsTheDefaultOne(String session) {
        HttpResponse<String> answer = session.equals("käse")
                ? gateway.post(MESSAGES, asked("m", false), "X-Request-ID", "a.b")
                : gateway.post(MESSAGES, asked("m", false), "X-My-Session", session);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(lines("default")).hasSize(1);
    }

    @Test
    void theRequestsOwnIdNamesTheSessionElse() {
        assertThat(gateway.post(MESSAGES, asked("m", false), "X-Request-ID", "req-1")
                        .statusCode())
                .isEqualTo(200);
        assertThat(gateway.post(MESSAGES, asked("m", false)).statusCode()).isEqualTo(200);
        assertThat(lines("req-1")).hasSize(1);
        assertThat(lines("default")).hasSize(1);
    }

    @Test
    void nobodyElseMayRead() throws IOException {
        ask("m", false, "mine");
        assertThat(lines("mine")).hasSize(1);
        for (Path made = file("mine").getParent(); made != null && !made.equals(home); made = made.getParent()) {
            assertThat(permissions(made)).as(made.toString()).isEqualTo("rwx------");
        }
        assertThat(permissions(file("mine"))).isEqualTo("rw-------");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void errorsBrokenStreamsAndCountsAreNotKept() {
        assertThat(gateway.post(MESSAGES, "{\"model\":\"t\"}", "X-My-Session", "bad")
                        .statusCode())
                .isEqualTo(400);
        assertThat(gateway.post(MESSAGES + "/count_tokens", asked("t", false), "X-My-Session", "bad")
                        .statusCode())
                .isEqualTo(200);
        ask("t", false, "bad");
        learns.fault(Fault.status(400));
        assertThat(gateway.post(MESSAGES, asked("t", false), "X-My-Session", "bad")
                        .statusCode())
                .isEqualTo(400);
        learns.fault(Fault.dropAfter(2));
        try {
            assertThat(gateway.post(MESSAGES, asked("t", true), "X-My-Session", "bad")
                            .body())
                    .contains("event: error");
        } catch (UncheckedIOException _) {
            // The end of a broken stream may come as one.
        }
        assertThat(lines("bad").stream().map(line -> line.path("type").asString()))
                .containsExactly("request", "response", "request", "request");
    }

    @Test
    void anUnwritableFolderDisturbsNoRequest() throws IOException {
        Files.createDirectories(home.resolve("made"));
        Files.writeString(folder, "a file where the folder should be");
        ask("t", true, "lost");
        ask("m", false, "lost");
    }

    @Test
    void withoutItNothingIsWritten() throws IOException {
        gateway.reload("translators: {anthropic: {inspector: {output_dir: \"" + folder + "\"}}}\n"
                + TestGateway.endpoints(speaks, learns));
        await(
                "models are known",
                () -> gateway.post(MESSAGES, asked("t", false)).statusCode() == 200);
        gateway.close();
        try (Stream<Path> left = Files.list(home)) {
            assertThat(left).isEmpty();
        }
    }
}
