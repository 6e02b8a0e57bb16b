package dev.olla.config;

import dev.olla.config.ConfigProblem.Severity;
import dev.olla.fleet.DiscoverySettings;
import dev.olla.fleet.EndpointSettings;
import dev.olla.http.ServerSettings;
import dev.olla.request.admit.AdmissionSettings;
import dev.olla.request.send.ProxySettings;
import dev.olla.telemetry.Decisions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the configuration file, reads it with the variables laid over it, and checks the result as a whole.
public final class ConfigLoader {

    /// A record is looked for by going through the others.
    private static final int MAX_DECISIONS = 100_000;

    private final Variables variables;
    private final ConfigFile files;
    private final Path workingDirectory;
    private volatile List<Path> lastCompanions = List.of();

    /// What came of it.
    public sealed interface Result {

        /// The gateway can start; the problems of the configuration are warnings.
        record Loaded(Config config) implements Result {}

        /// The gateway can't start.
        ///
        /// @param source the file as the user named it; null where none was found
        /// @param problems at least one error, errors first
        record Refused(@Nullable Path source, List<ConfigProblem> problems) implements Result {
            public Refused {
                problems = List.copyOf(problems);
            }
        }
    }

    /// @param workingDirectory what relative paths mean
    public ConfigLoader(Map<String, String> environment, Path workingDirectory) {
        this.variables = new Variables(environment);
        this.workingDirectory = workingDirectory;
        this.files = new ConfigFile(workingDirectory);
    }

    /// The files that a configuration depends on, or would if they came to be; with those that the last load asked
    /// for, so that what a refused one lacks is noticed when it comes.
    public List<Path> watched(Config config) {
        Set<Path> watched =
                new LinkedHashSet<>(config.source() != null ? List.of(config.source()) : ConfigFile.CANDIDATES);
        watched.add(ProfileFolder.PATH);
        watched.addAll(modelsFiles());
        watched.addAll(config.secretFiles());
        watched.addAll(lastCompanions);
        return List.copyOf(watched);
    }

    private List<Path> modelsFiles() {
        return ModelsFile.candidates(variables.get("OLLA_CONFIG_DIR"));
    }

    /// Reads the named file, else the one that `OLLA_CONFIG_FILE` names, else the first of [ConfigFile#CANDIDATES]
    /// that can be read, else nothing. Never throws for what a user wrote.
    public Result load(@Nullable Path named) {
        String variable = variables.get("OLLA_CONFIG_FILE");
        Path wanted = named != null ? named : variable == null ? null : Path.of(variable);
        return wanted == null ? search() : loadNamed(wanted);
    }

    /// Reads as [#load] does, and checks what else would end a start: whether the host to listen on exists here.
    ///
    /// The port is not tried: the gateway that runs already is likely to hold it.
    public Result validate(@Nullable Path named) {
        return switch (load(named)) {
            case Result.Loaded(Config config) -> withHostCheck(config);
            case Result.Refused refused -> refused;
        };
    }

    private static Result withHostCheck(Config config) {
        String problem = config.server().addressProblem();
        if (problem == null) {
            return new Result.Loaded(config);
        }
        List<ConfigProblem> problems = new ArrayList<>(config.problems());
        Path source = config.source();
        problems.addFirst(new ConfigProblem(
                Severity.ERROR, source == null ? null : source.toString(), 0, "server.host", problem));
        return new Result.Refused(source, problems);
    }

    private Result loadNamed(Path path) {
        return switch (files.read(path)) {
            case ConfigFile.Content.Read(ByteBuffer bytes) -> parse(path, bytes, reading(path));
            case ConfigFile.Content.Absent _ -> refused(path, "specified config file not found: " + path);
            case ConfigFile.Content.Unreadable(String reason) ->
                refused(path, "specified config file can't be used: " + path + ": " + reason);
        };
    }

    private Reading reading(@Nullable Path source) {
        return new Reading(source == null ? null : source.toString(), variables, new CompanionFiles(workingDirectory));
    }

    private static Result refused(Path path, String message) {
        return new Result.Refused(path, List.of(new ConfigProblem(Severity.ERROR, null, 0, "", message)));
    }

    private Result search() {
        List<String> passedOver = new ArrayList<>();
        for (Path candidate : ConfigFile.CANDIDATES) {
            switch (files.read(candidate)) {
                case ConfigFile.Content.Read(ByteBuffer bytes) -> {
                    Reading reading = reading(candidate);
                    passedOver.forEach(message -> reading.add(Severity.WARNING, 0, "", message));
                    return parse(candidate, bytes, reading);
                }
                case ConfigFile.Content.Unreadable(String reason) ->
                    passedOver.add(candidate + " is passed over: " + reason);
                case ConfigFile.Content.Absent _ -> {}
            }
        }
        Reading reading = reading(null);
        passedOver.forEach(message -> reading.add(Severity.WARNING, 0, "", message));
        return read(null, YamlNode.EMPTY, reading);
    }

    private Result parse(Path path, ByteBuffer bytes, Reading reading) {
        List<YamlDocument.Mistake> mistakes = new ArrayList<>();
        YamlNode.Mapping root = YamlDocument.read(bytes, mistakes);
        mistakes.forEach(found -> reading.add(Severity.ERROR, found.line(), found.path(), found.message()));
        boolean unreadable =
                mistakes.stream().anyMatch(mistake -> mistake.path().isEmpty());
        return unreadable ? new Result.Refused(path, reading.finish()) : read(path, root, reading);
    }

    private Result read(@Nullable Path source, YamlNode.Mapping mapping, Reading reading) {
        ModelsFile models = ModelsFile.find(modelsFiles(), files, reading::add);
        Profiles profiles = Profiles.with(new ProfileFolder(workingDirectory).read(reading::add), reading::add)
                .naming(models);
        Config config = read(source, reading.root(mapping), profiles);
        lastCompanions = reading.companions().read();
        variables.reportMisspelt(reading);
        List<ConfigProblem> problems = reading.finish();
        boolean refused = problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
        return refused ? new Result.Refused(source, problems) : new Result.Loaded(config.with(problems));
    }

    /// Every section has its line here; the reader named in it knows the keys.
    static Config read(@Nullable Path source, Section root, Profiles profiles) {
        Section server = root.section("server");
        Section proxySection = root.section("proxy");
        ServerSettings serverSettings = ServerReader.read(server, proxySection);
        boolean requestLogging = ServerReader.readRequestLogging(server);
        AdmissionSettings admission = new AdmissionSettings(
                RateLimitReader.read(server.section("rate_limits")),
                CorsReader.read(server.section("cors")),
                DashboardReader.read(root.section("dashboard")));
        ProxySettings proxy = ProxyReader.read(proxySection);
        Profiles admitted = profiles.admittedBy(ProxyReader.readProfileFilter(proxySection));
        Section discovery = root.section("discovery");
        Section queue = proxySection.section("queue");
        List<EndpointSettings> endpoints =
                DiscoveryReader.readEndpoints(discovery, admitted, QueueReader.readLimits(queue));
        Section registry = root.section("model_registry");
        boolean unifier = ModelRegistryReader.readEnableUnifier(registry);
        DiscoverySettings discoverySettings =
                DiscoveryReader.read(discovery).with(ModelRegistryReader.readUnification(registry, unifier));
        return new Config(
                serverSettings,
                admission,
                proxy,
                RetryReader.read(proxySection.section("retry")),
                BreakerReader.read(proxySection),
                QueueReader.read(queue),
                ResidencyReader.read(proxySection.section("residency")),
                StickyReader.read(proxySection.section("sticky_sessions")),
                endpoints,
                discoverySettings,
                LoggingReader.read(root.section("logging"), requestLogging),
                RoutingReader.read(registry, root.freeSection("model_aliases")),
                FormatReader.read(root, proxySection),
                unifier,
                root.section("ollama").bool("management", false),
                root.section("engineering").bool("show_nerdstats", false),
                root.section("telemetry")
                        .section("decisions")
                        .integer(
                                "max_entries",
                                Decisions.DEFAULT_MAX_ENTRIES,
                                new Range(0, MAX_DECISIONS, "0 to 100000 records are kept")),
                admitted,
                root.companions(),
                source,
                root.reading().resolved(),
                List.of());
    }
}
