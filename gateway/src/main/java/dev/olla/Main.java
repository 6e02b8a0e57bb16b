package dev.olla;

import dev.olla.config.CommandLine;
import dev.olla.config.Config;
import dev.olla.config.ConfigLoader;
import dev.olla.config.ConfigProblem;
import dev.olla.config.DurationText;
import dev.olla.config.FileWatch;
import dev.olla.config.ValidationReport;
import dev.olla.telemetry.BootstrapLog;
import dev.olla.telemetry.Logging;
import dev.olla.telemetry.RuntimeSummary;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The program: arguments to configuration to gateway, which runs until a signal stops it.
public final class Main {

    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int WRONG_FLAGS = 2;
    private static final Duration WATCH_PERIOD = Duration.ofSeconds(1);

    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final BootstrapLog early;

    /// Where the configuration comes from, again and again.
    ///
    /// @param named the file that the user named; null when it is looked for
    private record Source(ConfigLoader loader, @Nullable Path named) {

        ConfigLoader.Result load() {
            return loader.load(named);
        }

        List<Path> watched(Config current) {
            return loader.watched(current);
        }
    }

    private Main(PrintStream out, PrintStream err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.environment = environment;
        this.early = new BootstrapLog(err, environment);
    }

    public static void main(String[] arguments) throws InterruptedException {
        int status = FAILED;
        Logging.silence();
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
            ValidationReport report = ValidationReport.of(loader.validate(named));
            out.print(report.text());
            return report.clean() ? OK : FAILED;
        }
        if (flags.profiler()) {
            early.warn("--profile: there is no profiling server in this version");
        }
        StopSignals signals = StopSignals.install();
        return switch (loader.load(named)) {
            case ConfigLoader.Result.Loaded(Config config) -> serve(config, new Source(loader, named), signals);
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
                case ERROR -> early.error(problem.toString());
                case LEFT_OUT, WARNING -> early.warn(problem.toString());
            }
        }
        return FAILED;
    }

    private int serve(Config config, Source source, StopSignals signals) throws InterruptedException {
        try {
            Logging.apply(config.logging());
        } catch (IOException unwritable) {
            early.error(String.valueOf(unwritable.getMessage()));
            return FAILED;
        }
        try {
            return serve(config, source, signals, LoggerFactory.getLogger(Main.class));
        } finally {
            Logging.flush();
        }
    }

    private int serve(Config config, Source source, StopSignals signals, Logger log) throws InterruptedException {
        announce(config, log);
        long began = System.nanoTime();
        try (Gateway gateway = Gateway.start(config, source::load);
                FileWatch _ = new FileWatch(() -> source.watched(gateway.config()), WATCH_PERIOD, gateway::reload)) {
            signals.onHangup(gateway::reload);
            log.atInfo()
                    .addKeyValue("url", "http://" + shown(config.server().host()) + ":" + gateway.port())
                    .addKeyValue("endpoints", config.endpoints().size())
                    .addKeyValue("transport", gateway.transport())
                    .addKeyValue("engine", config.proxy().engine())
                    .addKeyValue("balancer", config.proxy().loadBalancer())
                    .addKeyValue("profile", config.proxy().profile())
                    .log("Olla started");
            gateway.onListenerLost(signals::askWithoutSignal);
            String signal = signals.await();
            if (signal == null) {
                log.error("Port {} is lost, and nobody could reach this process any more: it ends", gateway.port());
            } else {
                log.info("Stopping on {}", signal);
            }
            stop(gateway, log, began);
            return signal == null ? FAILED : OK;
        } catch (IOException unbound) {
            log.error(unbound.getMessage());
            return FAILED;
        }
    }

    private static void announce(Config config, Logger log) {
        log.atInfo()
                .addKeyValue("version", BuildInfo.load().version())
                .addKeyValue("pid", ProcessHandle.current().pid())
                .addKeyValue("processors", Runtime.getRuntime().availableProcessors())
                .addKeyValue("containerised", containerised())
                .addKeyValue("java", Runtime.version().toString())
                .log("Olla is starting");
        log.atInfo()
                .addKeyValue("file", config.source() == null ? "" : config.source())
                .log("Configuration loaded");
        config.problems().forEach(problem -> log.warn(problem.toString()));
    }

    private static boolean containerised() {
        return System.getenv("KUBERNETES_SERVICE_HOST") != null || Files.exists(Path.of("/.dockerenv"));
    }

    private static void stop(Gateway gateway, Logger log, long began) throws InterruptedException {
        Config config = gateway.config();
        long asked = System.nanoTime();
        if (!gateway.stop()) {
            log.error(
                    "Requests were still running after server.shutdown_timeout of {}; they were cut",
                    DurationText.of(config.server().shutdownTimeout()));
        }
        Duration uptime = Duration.ofNanos(System.nanoTime() - began);
        if (config.showNerdStats()) {
            new RuntimeSummary(log)
                    .write(gateway.statistics(), uptime, BuildInfo.load().version());
        }
        log.atInfo()
                .addKeyValue(
                        "cleanup_ms",
                        Duration.ofNanos(System.nanoTime() - asked).toMillis())
                .addKeyValue("uptime_s", uptime.toSeconds())
                .log("Olla stopped");
    }

    private static String shown(String host) {
        if (host.isEmpty() || host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]")) {
            return "localhost";
        }
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
