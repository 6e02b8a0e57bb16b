package dev.olla;

import dev.olla.config.CommandLine;
import dev.olla.config.Config;
import dev.olla.config.ConfigLoader;
import dev.olla.config.ConfigProblem;
import dev.olla.config.FileWatch;
import dev.olla.config.ValidationReport;
import dev.olla.telemetry.Logging;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The program: arguments to configuration to gateway, which runs until a signal stops it.
public final class Main {

    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int WRONG_FLAGS = 2;
    private static final Duration WATCH_PERIOD = Duration.ofSeconds(2);

    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    private Main(PrintStream out, PrintStream err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    public static void main(String[] arguments) throws InterruptedException {
        int status = FAILED;
        try {
            status = new Main(System.out, System.err, System.getenv()).run(arguments);
        } catch (RuntimeException unexpected) {
            unexpected.printStackTrace(System.err);
        }
        // Not a return: threads of a gateway that failed half-way must not keep the process alive.
        System.exit(status);
    }

    private int run(String[] arguments) throws InterruptedException {
        CommandLine flags;
        try {
            flags = CommandLine.parse(arguments, environment);
        } catch (CommandLine.Mistake mistake) {
            err.println("olla: " + mistake.getMessage() + " (see olla --help)");
            return WRONG_FLAGS;
        }
        if (flags.help()) {
            out.print(CommandLine.HELP);
            return OK;
        }
        err.print(banner());
        if (flags.version()) {
            printVersion();
            return OK;
        }
        Path named = flags.config() == null ? null : Path.of(flags.config());
        ConfigLoader loader = new ConfigLoader(environment, Path.of(""));
        if (flags.validate()) {
            ValidationReport report = ValidationReport.of(loader.load(named));
            out.print(report.text());
            return report.clean() ? OK : FAILED;
        }
        if (flags.profiler()) {
            warn("--profile: there is no profiling server in this version");
        }
        return switch (loader.load(named)) {
            case ConfigLoader.Result.Loaded(Config config) -> serve(config, () -> loader.load(named));
            case ConfigLoader.Result.Refused(Path _, List<ConfigProblem> problems) -> refuse(problems);
        };
    }

    private static String banner() {
        return """
              ___  _ _
             / _ \\| | | __ _
            | (_) | | |/ _` |   one gateway for all your inference servers
             \\___/|_|_|\\__,_|   %s
            """.formatted(BuildInfo.load().version());
    }

    private void printVersion() {
        out.println("olla " + BuildInfo.load().version());
        out.println("runtime: " + System.getProperty("java.vm.name") + " " + Runtime.version());
        out.println("os: " + System.getProperty("os.name").toLowerCase(Locale.ROOT));
        out.println("arch: " + System.getProperty("os.arch"));
    }

    private int refuse(List<ConfigProblem> problems) {
        for (ConfigProblem problem : problems) {
            switch (problem.severity()) {
                case ERROR -> error(problem.toString());
                case WARNING -> warn(problem.toString());
            }
        }
        return FAILED;
    }

    private int serve(Config config, Supplier<ConfigLoader.Result> source) throws InterruptedException {
        Logging.apply(config.logging());
        Logger log = LoggerFactory.getLogger(Main.class);
        config.problems().forEach(problem -> log.warn(problem.toString()));
        StopSignals signals = StopSignals.install();
        try (Gateway gateway = Gateway.start(config, source);
                FileWatch _ =
                        new FileWatch(() -> ConfigLoader.watched(gateway.config()), WATCH_PERIOD, gateway::reload)) {
            signals.onHangup(gateway::reload);
            log.atInfo()
                    .addKeyValue("version", BuildInfo.load().version())
                    .addKeyValue("url", "http://" + shown(config.server().host()) + ":" + gateway.port())
                    .addKeyValue("endpoints", config.endpoints().size())
                    .addKeyValue("config", config.source() == null ? "built-in defaults" : config.source())
                    .log("Olla started");
            log.info("Stopping on {}", signals.await());
            if (!gateway.stop()) {
                log.error(
                        "Requests were still running after server.shutdown_timeout of {}; they were cut",
                        config.server().shutdownTimeout());
            }
            return OK;
        } catch (IOException unbound) {
            log.error(unbound.getMessage());
            return FAILED;
        } finally {
            Logging.flush();
        }
    }

    private static String shown(String host) {
        if (host.isEmpty() || host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]")) {
            return "localhost";
        }
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    // Before a gateway runs there is no logger: its settings are part of what is being read.
    private void warn(String message) {
        err.println("WARN  " + message);
    }

    private void error(String message) {
        err.println("ERROR " + message);
    }
}
