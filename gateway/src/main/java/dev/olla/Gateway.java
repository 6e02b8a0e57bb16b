package dev.olla;

import dev.olla.api.ConfigStatus;
import dev.olla.api.ServiceInfo;
import dev.olla.config.Config;
import dev.olla.config.ConfigDiff;
import dev.olla.config.ConfigLoader;
import dev.olla.config.ConfigProblem;
import dev.olla.config.RestartRequired;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.responses.ResponseStore;
import dev.olla.dialect.translate.ClientRequests;
import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointSettings;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.Endpoints;
import dev.olla.fleet.Fleet;
import dev.olla.fleet.Inquiry;
import dev.olla.fleet.LiveFleet;
import dev.olla.fleet.ReloadableFleet;
import dev.olla.fleet.ResidencyWatch;
import dev.olla.http.EventLoops;
import dev.olla.http.Router;
import dev.olla.http.Server;
import dev.olla.http.UpstreamClient;
import dev.olla.http.UpstreamFetcher;
import dev.olla.http.UpstreamTls;
import dev.olla.request.Formats;
import dev.olla.request.FrontDoor;
import dev.olla.request.RequestPipeline;
import dev.olla.request.RequestRecorder;
import dev.olla.request.Transcripts;
import dev.olla.request.admit.Admission;
import dev.olla.request.admit.RateLimitSettings;
import dev.olla.request.admit.RequestIds;
import dev.olla.request.inspect.Inspector;
import dev.olla.request.route.ModelRouting;
import dev.olla.request.route.RouteFinder;
import dev.olla.request.select.AbleFirst;
import dev.olla.request.select.Balancers;
import dev.olla.request.select.EndpointRates;
import dev.olla.request.select.RoomWatch;
import dev.olla.request.select.StickySessions;
import dev.olla.request.select.WaitingRoom;
import dev.olla.request.send.RequestLimits;
import dev.olla.request.send.RetryBudget;
import dev.olla.request.send.RetryPolicy;
import dev.olla.request.send.Sender;
import dev.olla.request.stream.AnswerHeaders;
import dev.olla.telemetry.Decisions;
import dev.olla.telemetry.Logging;
import dev.olla.telemetry.ModelStatistics;
import dev.olla.telemetry.RequestLog;
import dev.olla.telemetry.SystemStatistics;
import dev.olla.telemetry.TranslatorStatistics;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running program: the one place that knows how its parts fit together.
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /// Safe for all threads, unlike most generators.
    private static final RandomGenerator RANDOM =
            () -> ThreadLocalRandom.current().nextLong();

    private final BuildInfo build = BuildInfo.load();
    private final Supplier<ConfigLoader.Result> source;
    private final LimitClocks limitClocks;
    private final EventLoops loops = EventLoops.perProcessor();
    private final SystemStatistics statistics = new SystemStatistics();
    private final RequestLog log = new RequestLog(statistics);
    private final InstantSource clock = InstantSource.system();
    private final Instant startedAt = clock.instant();
    private final RetryBudget retryBudget = new RetryBudget(System::nanoTime);
    private final UpstreamClient upstream;
    private final ReloadableFleet fleet;
    private final Inquiry inquiry;
    private final WaitingRoom room;
    private final RoomWatch roomWatch;
    private final ResidencyWatch residencyWatch;
    private final InternalRoutes internal;
    private final FrontDoor frontDoor;
    private final Server server;
    private final AtomicBoolean ended = new AtomicBoolean();
    private EndpointRates endpointRates;
    private Admission admission;
    private final ModelStatistics modelStatistics;
    private final TranslatorStatistics translatorStatistics = new TranslatorStatistics();
    private final Identifiers identifiers = new Identifiers(RANDOM);
    private final ResponseStore responses;
    private final Transcripts transcripts = new Transcripts(clock);
    private volatile StickySessions sticky;
    private volatile Decisions decisions;
    private final Config startedWith;
    private volatile Config config;
    private volatile ConfigStatus configStatus;

    /// By which clocks requests are limited.
    ///
    /// @param wall for what is shown
    /// @param nanoTime a clock such as [System#nanoTime]
    record LimitClocks(InstantSource wall, LongSupplier nanoTime) {

        static final LimitClocks SYSTEM = new LimitClocks(InstantSource.system(), System::nanoTime);
    }

    private Gateway(Config first, Supplier<ConfigLoader.Result> source, UpstreamTls tls, LimitClocks limitClocks)
            throws IOException {
        this.startedWith = first;
        this.config = first;
        this.source = source;
        this.limitClocks = limitClocks;
        this.configStatus = new ConfigStatus(startedAt, shown(first), null);
        upstream = new UpstreamClient(loops, tls, first.proxy().connectionKeepAlive());
        UpstreamFetcher fetcher = new UpstreamFetcher(upstream, loops);
        inquiry = new Inquiry(fetcher, build.version());
        fleet = new ReloadableFleet(new LiveFleet(
                endpoints(List.of(), first),
                first.discovery(),
                fetcher,
                build.version(),
                clock,
                System::nanoTime,
                RANDOM));
        endpointRates = endpointRates(first);
        room = new WaitingRoom(first.queue(), System::nanoTime);
        roomWatch = new RoomWatch(room, fleet);
        residencyWatch = new ResidencyWatch(fleet, inquiry, first.residency());
        modelStatistics = new ModelStatistics(clock, RANDOM);
        decisions = new Decisions(first.maxDecisions());
        responses = new ResponseStore(first.formats().responses(), clock);
        sticky = new StickySessions(first.sticky(), System::nanoTime);
        fleet.whenLeft(endpoint -> Thread.startVirtualThread(() -> sticky.purge(endpoint)));
        internal = internalRoutes();
        admission = admission(first);
        frontDoor = new FrontDoor(admission, routes(first), log);
        server = Server.start(first.server(), loops, frontDoor);
        first.profiles().changes().forEach(LOG::info);
        Thread.startVirtualThread(() -> warm(first));
        fleet.start();
    }

    /// Opens the port and begins to look at the fleet.
    ///
    /// @param source reads the configuration again, for [#reload]
    /// @throws IOException when the port can't be opened, with a message for the user
    public static Gateway start(Config config, Supplier<ConfigLoader.Result> source) throws IOException {
        return new Gateway(config, source, UpstreamTls.platform(), LimitClocks.SYSTEM);
    }

    /// @param tls whose certificates are trusted
    static Gateway start(Config config, Supplier<ConfigLoader.Result> source, UpstreamTls tls, LimitClocks clocks)
            throws IOException {
        return new Gateway(config, source, tls, clocks);
    }

    private static List<Endpoint> endpoints(List<Endpoint> before, Config config) {
        return Endpoints.following(before, config.endpoints(), config.profiles(), config.breaker(), System::nanoTime);
    }

    private static @Nullable String shown(Config config) {
        return config.source() == null ? null : config.source().toString();
    }

    /// Reads the configuration again and, if it holds no mistake, goes over to it: requests under way end by the
    /// old one, those that come go by the new one. A configuration with mistakes changes nothing. Blocks.
    public synchronized ConfigStatus.Reload reload() {
        ConfigStatus.Reload result = switch (source.get()) {
            case ConfigLoader.Result.Refused(var _, var problems) -> refused(problems);
            case ConfigLoader.Result.Loaded(Config next) -> {
                List<ConfigProblem> leftOut = newlyLeftOut(next);
                yield leftOut.isEmpty() ? apply(next) : refused(leftOut);
            }
        };
        Instant loadedAt = result.applied() ? result.at() : configStatus.loadedAt();
        configStatus = new ConfigStatus(loadedAt, shown(config), result);
        return result;
    }

    /// What the configuration would do without, and the running one doesn't: a profile file that was broken just
    /// now.
    private List<ConfigProblem> newlyLeftOut(Config next) {
        return next.problems().stream()
                .filter(problem -> problem.severity() == ConfigProblem.Severity.LEFT_OUT
                        && !config.problems().contains(problem))
                .toList();
    }

    private ConfigStatus.Reload refused(List<ConfigProblem> problems) {
        List<String> errors = problems.stream()
                .filter(problem -> problem.severity() != ConfigProblem.Severity.WARNING)
                .map(ConfigProblem::toString)
                .toList();
        errors.forEach(error -> LOG.error("Configuration not taken over: {}", error));
        return new ConfigStatus.Reload(clock.instant(), false, List.of(), List.of(), errors);
    }

    private ConfigStatus.Reload apply(Config next) {
        Config before = config;
        List<String> changed = ConfigDiff.of(before, next);
        List<String> restart = RestartRequired.of(startedWith, next);
        next.problems().forEach(problem -> LOG.warn(problem.toString()));
        if (!changed.isEmpty()) {
            goOver(before, next);
            LOG.atInfo().addKeyValue("changed", String.join(", ", changed)).log("Configuration taken over");
        }
        restart.forEach(path -> LOG.warn("{}: this change takes effect with the next start", path));
        return new ConfigStatus.Reload(clock.instant(), true, changed, restart, List.of());
    }

    private void goOver(Config before, Config next) {
        config = next;
        boolean sameServers = before.endpoints().equals(next.endpoints())
                && before.breaker().equals(next.breaker())
                && before.discovery().equals(next.discovery())
                && before.profiles().models().equals(next.profiles().models())
                && before.profiles().byName().equals(next.profiles().byName());
        if (!before.profiles().byName().equals(next.profiles().byName())) {
            next.profiles().changes().forEach(LOG::info);
        }
        if (!sameServers) {
            warm(next);
            fleet.replace(endpoints -> endpoints(endpoints, next), next.discovery());
            upstream.keepOnly(fleet.origins());
            endpointRates.keepOnly(
                    next.endpoints().stream().map(EndpointSettings::name).toList());
        }
        upstream.keepAlive(next.proxy().connectionKeepAlive());
        // What was counted so far stays counted unless the limits themselves change.
        if (!before.admission().equals(next.admission())) {
            endpointRates = endpointRates(next);
            admission = admission(next);
            frontDoor.use(admission);
        }
        room.use(next.queue());
        residencyWatch.use(next.residency());
        sticky = sticky.under(next.sticky());
        decisions = decisions.resized(next.maxDecisions());
        responses.use(next.formats().responses());
        frontDoor.use(routes(next));
        server.use(next.server());
        if (!before.logging().equals(next.logging())) {
            applyLogging(next);
        }
    }

    /// Reads what is left for later of the kinds in use, so that no event loop has to.
    private void warm(Config settings) {
        settings.endpoints().forEach(endpoint -> warm(settings, endpoint.type()));
        fleet.snapshot()
                .endpoints()
                .forEach(state -> warm(settings, state.profile().name()));
    }

    private static void warm(Config settings, String type) {
        BackendProfile kind = settings.profiles().byType(type);
        if (kind != null) {
            kind.warm();
        }
    }

    private static void applyLogging(Config next) {
        try {
            Logging.apply(next.logging());
        } catch (IOException unwritable) {
            LOG.error("The log goes on as before: {}", unwritable.getMessage());
        }
    }

    private RequestPipeline pipeline(Config settings) {
        ModelRouting routing = new ModelRouting(
                settings.profiles().byName().values(),
                settings.routing(),
                settings.formats().routing());
        return new RequestPipeline(
                fleet,
                new Inspector(settings.sticky().prefixBytes()),
                new RouteFinder(fleet, fleet, routing),
                new AbleFirst(
                        Balancers.named(settings.proxy().loadBalancer(), RANDOM, room, settings.residency()),
                        settings.proxy().loadBalancer().equals("priority")),
                endpointRates,
                room,
                admission,
                residencyWatch::askSoon,
                sticky,
                new Sender(upstream, fleet, log, retries(settings), build.version()),
                new RequestLimits(settings.proxy()),
                new AnswerHeaders(build.version(), settings.admission().cors().enabled()),
                settings.proxy().profile(),
                new Formats(settings.formats(), new ClientRequests(identifiers, clock, responses), transcripts),
                log,
                new RequestRecorder(decisions, modelStatistics, translatorStatistics, routing, clock));
    }

    private RetryPolicy retries(Config settings) {
        return new RetryPolicy(settings.retry(), retryBudget, clock);
    }

    private Admission admission(Config settings) {
        EndpointRates rates = endpointRates;
        return new Admission(
                settings.admission(),
                () -> rates.soonest(fleet.snapshot().endpoints().stream()
                        .filter(EndpointState::takesWork)
                        .map(EndpointState::endpoint)),
                new RequestIds(RANDOM),
                statistics,
                limitClocks.wall(),
                limitClocks.nanoTime());
    }

    private EndpointRates endpointRates(Config settings) {
        RateLimitSettings rates = settings.admission().rateLimits();
        int perMinute = rates.perEndpointPerMinute();
        return new EndpointRates(perMinute, rates.burst(), limitClocks.wall(), limitClocks.nanoTime());
    }

    private InternalRoutes internalRoutes() {
        return new InternalRoutes(
                fleet,
                statistics,
                modelStatistics,
                translatorStatistics,
                room,
                () -> sticky,
                () -> decisions,
                () -> configStatus,
                this::reload,
                () -> server.stopping(),
                clock);
    }

    private Router routes(Config settings) {
        Router router = new Router();
        ServiceInfo service = new ServiceInfo(
                build.version(),
                build.commit(),
                build.date(),
                settings.proxy().engine(),
                settings.proxy().profile(),
                settings.proxy().loadBalancer(),
                startedAt);
        internal.addTo(router, service, settings.admission().dashboard());
        RequestPipeline pipeline = pipeline(settings);
        new FleetRoutes(fleet, inquiry, pipeline, settings, clock).addTo(router);
        if (settings.formats().anthropic()) {
            new AnthropicRoutes(fleet, inquiry, pipeline, settings.routing().aliases(), startedAt).addTo(router);
        }
        return router;
    }

    /// The configuration that new requests go by.
    public Config config() {
        return config;
    }

    SystemStatistics statistics() {
        return statistics;
    }

    Fleet fleet() {
        return fleet;
    }

    /// How bytes are moved: `epoll` or `nio`.
    String transport() {
        return loops.transport();
    }

    /// The port that is listened on.
    public int port() {
        return server.port();
    }

    /// Runs the action when the port is lost while the gateway runs, so that nobody could reach it any more.
    void onListenerLost(Runnable action) {
        server.onListenerLost(action);
    }

    /// How many clients are connected.
    int connections() {
        return server.connections();
    }

    /// Stops to listen, lets requests under way end within `server.shutdown_timeout`, then ends what is left.
    ///
    /// @return whether every request ended by itself
    /// @throws InterruptedException when interrupted while waiting
    public boolean stop() throws InterruptedException {
        boolean drained = server.stop(config.server().shutdownTimeout());
        end();
        return drained;
    }

    /// Ends at once, requests under way included.
    @Override
    public void close() {
        server.close();
        end();
    }

    private void end() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        fleet.close();
        roomWatch.close();
        residencyWatch.close();
        inquiry.close();
        upstream.close();
        loops.close();
        transcripts.close();
    }
}
