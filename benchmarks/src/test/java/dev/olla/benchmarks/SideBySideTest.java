package dev.olla.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Timeout(120)
class SideBySideTest {

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({"short,requests/s", "steady,requests/s", "streams,events/s", "large,CPU µs/request"})
    void measuresTheBackendItself(String scenario, String column) {
        int status = run("--scenario", scenario, "--streams", "20", "--interval", "10");

        assertThat(output.toString(UTF_8)).contains(column).contains("| direct |");
        assertThat(status).isZero();
    }

    @Test
    void failsWhenAContenderEndsBeforeItAnswers() throws Exception {
        String busy = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        try (ScriptedServer server = ScriptedServer.answering(busy)) {
            String url = "http://127.0.0.1:" + server.target().port();

            int status = run("--scenario", "short", "--other", "busy=true", "--other-url", "busy=" + url);

            assertThat(status).isEqualTo(1);
            assertThat(progress.toString(UTF_8)).contains("busy is not ready");
        }
    }

    @Test
    void rejectsAnOtherWithoutItsUrl() {
        StringWriter errors = new StringWriter();
        CommandLine command = new SideBySide().commandLine().setErr(new PrintWriter(errors));

        assertThat(command.execute("--other", "a=b")).isEqualTo(2);
        assertThat(errors.toString()).contains("--other-url");
    }

    private int run(String... arguments) {
        SideBySide program =
                new SideBySide(new PrintStream(output, true, UTF_8), new PrintStream(progress, true, UTF_8));
        String[] brief = {"--rounds", "1", "--seconds", "1", "--warmup", "0", "--contenders", "direct"};
        return program.commandLine()
                .execute(Stream.of(brief, arguments).flatMap(Arrays::stream).toArray(String[]::new));
    }
}
