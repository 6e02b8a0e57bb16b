package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A running program follows its file, however that is changed, and the signal that asks for it.
class ReloadFilesTest {

    private static final Pattern PROFILE = Pattern.compile("\"profile\":\"(\\w+)\"");

    @TempDir
    private Path folder;

    private final int port = FaultListener.closedPort();
    private final List<Process> processes = new ArrayList<>();

    private String yaml(String profile) {
        return "server: {host: 127.0.0.1, port: " + port + "}\nproxy: {profile: " + profile + "}\n"
                + "discovery: {static: {endpoints: []}}\n";
    }

    /// As a mounted volume has it: the file is a link to a link to the folder of one version.
    @BeforeEach
    void start() throws IOException {
        version("first", yaml("auto"));
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("first"));
        Files.createSymbolicLink(folder.resolve("mounted.yaml"), Path.of("..data/config.yaml"));
    }

    private void version(String name, String yaml) throws IOException {
        Files.createDirectory(folder.resolve(name));
        Files.writeString(folder.resolve(name).resolve("config.yaml"), yaml);
    }

    private Process run(String file) throws IOException {
        Process process = MainTest.java(Main.class, "-c", file)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        processes.add(process);
        awaitProfile("auto");
        return process;
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.toHandle().destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
    }

    private void awaitProfile(String profile) {
        Eventually.await("the profile is " + profile, () -> status().contains("\"profile\":\"" + profile + "\""));
    }

    private String status() {
        try (RawClient client = RawClient.connect(port)) {
            client.send("GET", "/internal/status", "", "");
            return client.readResponse().body();
        } catch (IOException _) {
            return "";
        }
    }

    @Test
    void aFileMayBeRewrittenInPlaceOrReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("plain.yaml"), yaml("auto"));
        Process _ = run("plain.yaml");
        Files.writeString(file, yaml("streaming"));
        awaitProfile("streaming");
        Files.writeString(folder.resolve("new.yaml"), yaml("standard"));
        Files.move(folder.resolve("new.yaml"), file, StandardCopyOption.ATOMIC_MOVE);
        awaitProfile("standard");
        Files.writeString(file, "server: {port: 99999}\n");
        Eventually.await("the mistake is told", () -> status().contains("a port is 1 to 65535"));
        assertThat(PROFILE.matcher(status()).results().map(found -> found.group(1)))
                .containsOnly("standard");
    }

    @Test
    void aLinkMayBeSwapped() throws IOException, InterruptedException {
        Process _ = run("mounted.yaml");
        version("second", yaml("streaming") + "engineering: {show_nerdstats: true}\n");
        Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("second"));
        Files.move(folder.resolve("..data_tmp"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        awaitProfile("streaming");
        stop();
        assertThat(folder.resolve("out")).content().contains("Runtime memory in bytes");
    }

    /// The file is touched by nobody; a secret that it points to comes and goes.
    @Test
    void theSignalAndAMissingSecretAreFollowed() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("plain.yaml"), yaml("auto"));
        Process process = run("plain.yaml");
        Files.writeString(file, yaml("streaming").replace("[]", """
                [{url: "http://127.0.0.1:1", name: box, type: vllm, auth: {type: bearer, token_file: token}}]"""));
        assertThat(new ProcessBuilder("kill", "-HUP", "" + process.pid())
                        .start()
                        .waitFor())
                .isZero();
        Eventually.await("the lack of the secret is told", () -> status().contains("the file does not exist"));
        Files.writeString(folder.resolve("token"), "s3cret");
        awaitProfile("streaming");
        assertThat(post("/internal/reload").body()).contains("\"status\":\"applied\"", "\"changed\":[]");
    }

    private RawResponse post(String path) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            client.send("POST", path, "", "");
            return client.readResponse();
        }
    }
}
