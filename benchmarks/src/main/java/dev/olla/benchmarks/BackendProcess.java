package dev.olla.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Runs [Backend] as a JVM of its own, so that its work is not counted as anyone else's.
final class BackendProcess {

    private static final String NAME = "backend";

    private BackendProcess() {}

    /// Starts the backend, which lives as long as the workspace does, and returns its address.
    static Target start(Workspace workspace, int threads) throws IOException {
        Process process = workspace.start(NAME, command(threads), true);
        BufferedReader output = process.inputReader();
        String port = output.readLine();
        if (port == null) {
            throw new IOException("the backend did not start; see " + workspace.log(NAME));
        }
        return new Target("127.0.0.1", Integer.parseInt(port), "");
    }

    private static List<String> command(int threads) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Backend.class.getName(),
                Integer.toString(threads));
    }
}
