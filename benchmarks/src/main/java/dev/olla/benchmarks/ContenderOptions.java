package dev.olla.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// The options that say who is compared.
final class ContenderOptions {

    private static final String GATEWAY = "gateway";

    @Option(
            names = "--contenders",
            paramLabel = "NAME",
            split = ",",
            description = "Which of direct, nginx and gateway; default: all. --other adds more.")
    private List<String> names = List.of(Direct.NAME, Nginx.NAME, GATEWAY);

    @Option(
            names = "--gateway",
            paramLabel = "COMMAND",
            description = "How to start this gateway; default: the repository's ./olla -c {config}.")
    private String gateway = "";

    @Option(
            names = "--other",
            paramLabel = "NAME=COMMAND",
            description = "How to start another gateway; may be repeated.")
    private Map<String, String> others = new LinkedHashMap<>();

    @Option(
            names = "--other-url",
            paramLabel = "NAME=URL",
            description = "Where it answers: http://127.0.0.1:port/prefix, before " + BenchProtocol.PATH + ".")
    private Map<String, String> otherUrls = new LinkedHashMap<>();

    @Option(
            names = "--nginx-workers",
            paramLabel = "N",
            description = "Worker processes of nginx; default: ${DEFAULT-VALUE}.")
    private int nginxWorkers = 2;

    /// @throws IllegalArgumentException when names are unknown, taken or do not match
    void validate() {
        if (!List.of(Direct.NAME, Nginx.NAME, GATEWAY).containsAll(names)) {
            throw new IllegalArgumentException("--contenders are direct, nginx and gateway, not " + names);
        }
        if (!others.keySet().equals(otherUrls.keySet())) {
            throw new IllegalArgumentException("--other and --other-url must be given for the same names");
        }
        if (others.keySet().stream().anyMatch(name -> !name.matches("[\\w-]+") || isReserved(name))) {
            throw new IllegalArgumentException("--other needs a name of its own, made of letters, digits, _ and -");
        }
        if (nginxWorkers < 1) {
            throw new IllegalArgumentException("--nginx-workers must be at least 1");
        }
    }

    private static boolean isReserved(String name) {
        return List.of(Direct.NAME, Nginx.NAME, GATEWAY, "backend").contains(name);
    }

    /// Those who can take part; a line is printed about each who cannot.
    List<Contender> choose(PrintStream notes) {
        List<Contender> chosen = new ArrayList<>();
        for (String name : names) {
            switch (name) {
                case Direct.NAME -> chosen.add(new Direct());
                case Nginx.NAME -> addNginx(chosen, notes);
                default -> addGateway(chosen, notes);
            }
        }
        others.forEach(
                (name, command) -> chosen.add(new CommandContender(name, command, otherUrls.getOrDefault(name, ""))));
        return chosen;
    }

    private void addNginx(List<Contender> chosen, PrintStream notes) {
        findNginx()
                .ifPresentOrElse(
                        program -> chosen.add(new Nginx(program, nginxWorkers)),
                        () -> notes.println("nginx is left out: it is not on the PATH"));
    }

    private void addGateway(List<Contender> chosen, PrintStream notes) {
        Path repository = Path.of(System.getProperty("olla.repository", "")).toAbsolutePath();
        Path launcher = repository.resolve("olla");
        if (!gateway.isEmpty()) {
            chosen.add(CommandContender.gateway(gateway));
        } else if (Files.isExecutable(launcher) && Files.isRegularFile(launcher)) {
            chosen.add(CommandContender.gateway("'" + launcher + "' -c {config}"));
        } else {
            notes.println("gateway is left out: there is no " + launcher);
        }
    }

    /// The version of nginx, or a dash where there is none.
    String nginxVersion() throws IOException {
        Optional<Path> program = findNginx();
        if (program.isEmpty()) {
            return "–";
        }
        Process process = new ProcessBuilder(program.get().toString(), "-v")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return output.substring(output.lastIndexOf('/') + 1).strip();
    }

    private static Optional<Path> findNginx() {
        // Debian keeps it where only root's PATH leads.
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + File.pathSeparator + "/usr/sbin";
        return Stream.of(path.split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, Nginx.NAME))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
