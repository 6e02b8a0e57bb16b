package dev.olla;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where real Ollamas come from.
///
/// Looked for are, in this order: the folder that the system property or environment variable [#SETTING] names, the
/// folder `../shared/ollama` beside the repository, an `ollama` on the `PATH`. A folder holds a script
/// `serve RELEASE PORT MODEL...` that prints `ready` once a server with those models answers.
sealed interface RealOllamaPlace {

    String SETTING = "OLLA_TEST_OLLAMA";

    /// The releases that can be had; the first two are used, or the only one twice.
    List<String> releases();

    /// Starts a server that holds a tiny model under each of the names; returns when it answers.
    RealOllamaServer start(String release, int port, List<String> models);

    /// @return null when there is none
    /// @throws IllegalStateException when the setting names a folder without the script
    static @Nullable RealOllamaPlace find() {
        String named = System.getProperty(SETTING, System.getenv(SETTING));
        if (named != null && !named.isBlank()) {
            Path script = Path.of(named, "serve");
            if (!Files.isRegularFile(script)) {
                throw new IllegalStateException(SETTING + " names a folder without the script serve: " + named);
            }
            return new Folder(script);
        }
        Path script = repository().resolveSibling("shared").resolve("ollama/serve");
        return Files.isRegularFile(script) ? new Folder(script) : onPath();
    }

    private static Path repository() {
        Path module = Path.of("").toAbsolutePath();
        for (Path folder = module; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        return module;
    }

    private static @Nullable RealOllamaPlace onPath() {
        String path = System.getenv("PATH");
        for (String folder : path == null ? new String[0] : path.split(File.pathSeparator, -1)) {
            Path program = Path.of(folder, "ollama");
            if (!folder.isEmpty() && Files.isRegularFile(program) && Files.isExecutable(program)) {
                return new OnPath(program);
            }
        }
        return null;
    }

    /// A folder with releases of its own.
    record Folder(Path script) implements RealOllamaPlace {

        @Override
        public List<String> releases() {
            return List.of("0.24.0", "0.13.5");
        }

        @Override
        public RealOllamaServer start(String release, int port, List<String> models) {
            ProcessBuilder process = new ProcessBuilder("bash", script.toString(), release, String.valueOf(port));
            process.command().addAll(models);
            return RealOllamaServer.start(process, port);
        }
    }

    /// What the user of this machine has installed; his models are left alone.
    record OnPath(Path program) implements RealOllamaPlace {

        @Override
        public List<String> releases() {
            return List.of("on the PATH");
        }

        @Override
        public String toString() {
            return program + " on the PATH";
        }

        @Override
        public RealOllamaServer start(String release, int port, List<String> models) {
            try {
                Path home = Files.createTempDirectory("olla-ollama");
                Files.write(home.resolve("tiny.gguf"), RealOllamaModel.gguf());
                Files.writeString(home.resolve("Modelfile"), RealOllamaModel.MODELFILE);
                ProcessBuilder process = new ProcessBuilder(
                        "bash", "-c", SCRIPT, "ollama", program.toString(), home.toString(), String.valueOf(port));
                process.command().addAll(models);
                return RealOllamaServer.start(process, port);
            } catch (IOException e) {
                throw new AssertionError("no room for a server's files", e);
            }
        }

        /// Does what the script of the folder does.
        private static final String SCRIPT = """
                set -eu
                program=$1 home=$2 port=$3 server=
                shift 3
                cleanup() { [ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server" || true; rm -rf "$home"; }
                trap cleanup EXIT
                trap 'exit 0' TERM INT
                cd "$home"
                export OLLAMA_HOST=127.0.0.1:$port OLLAMA_MODELS=$home/models HOME=$home
                "$program" serve > log 2>&1 &
                server=$!
                until "$program" list > /dev/null 2>&1; do
                  kill -0 "$server" 2>/dev/null || { tail -3 log; exit 1; }
                  sleep 0.05
                done
                for model in "$@"; do "$program" create "$model" -f Modelfile > create 2>&1 || { cat create; exit 1; }; done
                echo ready
                wait "$server"
                """;
    }
}
