package dev.olla.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The side-by-side load run: one machine, one backend, the same load through each contender in turn.
@Command(
        name = "benchmarks/run",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Compares this gateway with nginx and others, side by side on this machine, and prints a Markdown table.",
            "It starts everything itself, on 127.0.0.1 only, and ends it again."
        },
        footer = {
            "",
            "In commands and URLs, {port} stands for a free port, {backend} for the backend's host:port, "
                    + "{dir} for the temporary directory and {config} for a generated Olla configuration.",
            "",
            "Examples:",
            "  benchmarks/run --scenario short",
            "  benchmarks/run --scenario streams --streams 2000 --interval 200 --events 100",
            "  benchmarks/run --contenders direct,nginx --rounds 3 --seconds 3",
            "  benchmarks/run --other 'old=../old/olla -c {config}' "
                    + "--other-url 'old=http://127.0.0.1:{port}/olla/proxy'"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all answers were good", "1:faults were seen, or something did not start", "2:bad options"})
final class SideBySide implements Callable<Integer> {

    @Mixin
    private final LoadOptions loads = new LoadOptions();

    @Mixin
    private final ContenderOptions contenders = new ContenderOptions();

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds per scenario; default: ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "Seconds of load before the rounds; nginx gets at most 2; default: 25.")
    private int warmUpSeconds = 25;

    @Option(
            names = "--client-threads",
            paramLabel = "N",
            description = "Event loops of the load client; default: ${DEFAULT-VALUE}.")
    private int clientThreads = 1;

    @Option(
            names = "--backend-threads",
            paramLabel = "N",
            description = "Event loops of the backend; default: ${DEFAULT-VALUE}.")
    private int backendThreads = 1;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and exit.")
    @SuppressWarnings("UnusedVariable") // The parser acts on it.
    private boolean helpAsked;

    @Option(names = "--allow-errors", description = "Exit with 0 even when there were faults.")
    private boolean faultsAllowed;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private final PrintStream out;
    private final PrintStream progress;

    SideBySide() {
        this(System.out, System.err);
    }

    /// @param out where the report goes
    /// @param progress where it says what it is doing
    SideBySide(PrintStream out, PrintStream progress) {
        this.out = out;
        this.progress = progress;
    }

    static void main(String[] arguments) {
        System.exit(new SideBySide().commandLine().execute(arguments));
    }

    CommandLine commandLine() {
        return new CommandLine(this)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(this::fail)
                .setParameterExceptionHandler(SideBySide::refuse);
    }

    private static int refuse(ParameterException invalid, String[] arguments) {
        PrintWriter errors = invalid.getCommandLine().getErr();
        errors.println(invalid.getMessage());
        errors.println("See --help.");
        return CommandLine.ExitCode.USAGE;
    }

    /// What the machine or a contender did not do is said in a line; a defect of ours shows its stack.
    private int fail(Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (!(failure instanceof IOException)) {
            throw failure;
        }
        progress.println(failure.getMessage());
        return 1;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        validate();
        Workspace workspace = new Workspace();
        Thread hook = new Thread(workspace::close, "end-programs");
        Runtime.getRuntime().addShutdownHook(hook);
        try (workspace;
                LoadClient client = new LoadClient(clientThreads)) {
            return run(workspace, client);
        }
    }

    private int run(Workspace workspace, LoadClient client) throws IOException, InterruptedException {
        List<Contender> chosen = contenders.choose(progress);
        Target backend = BackendProcess.start(workspace, backendThreads);
        out.println(new Machine(contenders.nginxVersion()).describe());
        boolean clean = true;
        for (Load load : loads.toLoads()) {
            Comparison.Plan plan = new Comparison.Plan(rounds, loads.timing(load), Duration.ofSeconds(warmUpSeconds));
            Map<String, List<Measurement>> measurements =
                    new Comparison(workspace, client, plan, progress).run(load, chosen, backend);
            new Report(out).print(load, measurements);
            clean &= measurements.values().stream()
                    .flatMap(List::stream)
                    .allMatch(measurement -> measurement.load().isClean());
        }
        return clean || faultsAllowed ? 0 : 1;
    }

    private void validate() {
        if (rounds < 1 || warmUpSeconds < 0 || clientThreads < 1 || backendThreads < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rounds, --client-threads and --backend-threads must be at least 1, --warmup at least 0");
        }
        try {
            loads.validate();
            contenders.validate();
        } catch (IllegalArgumentException invalid) {
            throw new ParameterException(spec.commandLine(), invalid.getMessage(), invalid);
        }
    }
}
