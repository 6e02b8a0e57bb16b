package dev.olla;

import dev.olla.api.EndpointsPage;
import dev.olla.api.HealthPage;
import dev.olla.api.LmStudioModelList;
import dev.olla.api.ModelScope;
import dev.olla.api.ModelsPage;
import dev.olla.api.NotSupported;
import dev.olla.api.OllamaModelList;
import dev.olla.api.OpenAiModelList;
import dev.olla.api.ServiceInfo;
import dev.olla.api.StatusPage;
import dev.olla.api.UnifiedModelList;
import dev.olla.api.UnifiedModelPage;
import dev.olla.api.UnifiedModels;
import dev.olla.api.VersionPage;
import dev.olla.api.WhenReady;
import dev.olla.config.Config;
import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.CircuitBreakerSettings;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.Endpoints;
import dev.olla.fleet.LiveFleet;
import dev.olla.fleet.ReloadableFleet;
import dev.olla.http.EventLoops;
import dev.olla.http.Exchange;
import dev.olla.http.Router;
import dev.olla.http.Server;
import dev.olla.http.UpstreamClient;
import dev.olla.http.UpstreamFetcher;
import dev.olla.http.UpstreamTls;
import dev.olla.request.FrontDoor;
import dev.olla.request.RequestPipeline;
import dev.olla.request.admit.RequestIds;
import dev.olla.request.inspect.Inspector;
import dev.olla.request.route.ModelRouting;
import dev.olla.request.route.ProviderScope;
import dev.olla.request.select.Balancers;
import dev.olla.request.send.RequestLimits;
import dev.olla.request.send.Sender;
import dev.olla.request.stream.AnswerHeaders;
import dev.olla.telemetry.RequestLog;
import dev.olla.telemetry.SystemStatistics;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// The running program: the one place that knows how its parts fit together.
public final class Gateway implements AutoCloseable {

    /// Safe for all threads, unlike most generators.
    private static final RandomGenerator RANDOM =
            () -> ThreadLocalRandom.current().nextLong();

    private final Config config;
    private final EventLoops loops = EventLoops.perProcessor();
    private final SystemStatistics statistics = new SystemStatistics();
    private final RequestLog log = new RequestLog(statistics);
    private final InstantSource clock = InstantSource.system();
    private final UpstreamClient upstream;
    private final ReloadableFleet fleet;
    private final RequestPipeline pipeline;
    private final Server server;
    private final AtomicBoolean ended = new AtomicBoolean();

    private Gateway(Config config, BuildInfo build, UpstreamTls tls) throws IOException {
        this.config = config;
        upstream = new UpstreamClient(loops, tls, config.proxy().connectionKeepAlive());
        fleet = fleet(build.version());
        pipeline = pipeline(build.version());
        FrontDoor frontDoor = new FrontDoor(new RequestIds(RANDOM), routes(build), log);
        server = Server.start(config.server(), loops, frontDoor);
        fleet.start();
    }

    /// Opens the port and begins to look at the fleet.
    ///
    /// @throws IOException when the port can't be opened, with a message for the user
    public static Gateway start(Config config) throws IOException {
        return start(config, UpstreamTls.platform());
    }

    /// @param tls whose certificates are trusted
    static Gateway start(Config config, UpstreamTls tls) throws IOException {
        return new Gateway(config, BuildInfo.load(), tls);
    }

    private ReloadableFleet fleet(String version) {
        List<Endpoint> endpoints = Endpoints.of(
                config.endpoints(), config.profiles()::byType, CircuitBreakerSettings.DEFAULTS, System::nanoTime);
        return new ReloadableFleet(new LiveFleet(
                endpoints,
                config.discovery(),
                new UpstreamFetcher(upstream, loops),
                version,
                clock,
                System::nanoTime,
                RANDOM));
    }

    private RequestPipeline pipeline(String version) {
        return new RequestPipeline(
                fleet,
                new Inspector(),
                new ModelRouting(config.profiles().byName().values()),
                Balancers.named(config.proxy().loadBalancer(), RANDOM),
                new Sender(upstream, fleet, log, version),
                new RequestLimits(config.proxy()),
                new AnswerHeaders(version),
                config.proxy().profile(),
                log);
    }

    private Router routes(BuildInfo build) {
        Router router = new Router();
        internalRoutes(router, build);
        proxyRoutes(router, ProviderScope.all("/olla/proxy"));
        router.get("/olla/proxy/v1/models", list(new OpenAiModelList(fleet, ModelScope.openAiCompatible())::handle));
        for (BackendProfile profile : config.profiles().byName().values()) {
            for (String prefix : profile.prefixes()) {
                providerRoutes(router, profile, "/olla/" + prefix);
            }
        }
        return router;
    }

    private void internalRoutes(Router router, BuildInfo build) {
        ServiceInfo service = new ServiceInfo(
                build.version(),
                build.commit(),
                build.date(),
                config.proxy().engine(),
                config.proxy().profile(),
                config.proxy().loadBalancer(),
                clock.instant());
        UnifiedModels unified = new UnifiedModels(fleet);
        router.get("/version", new VersionPage(service)::handle)
                .get("/internal/health", new HealthPage()::handle)
                .get("/internal/status", new StatusPage(fleet, statistics, service, clock)::handle)
                .get("/internal/status/endpoints", new EndpointsPage(fleet, clock)::handle)
                .get("/internal/status/models", new ModelsPage(fleet, unified, clock)::handle);
        if (config.enableUnifier()) {
            router.get("/olla/models", list(new UnifiedModelList(unified)::handle))
                    .getUnder("/olla/models/", list(new UnifiedModelPage(unified, clock)::handle));
        } else {
            router.get("/olla/models", list(new ModelsPage(fleet, unified, clock)::handle))
                    .getUnder("/olla/models/", new NotSupported("Unified models not supported")::handle);
        }
    }

    private void providerRoutes(Router router, BackendProfile profile, String prefix) {
        ProviderScope scope = ProviderScope.of(prefix, profile.name());
        proxyRoutes(router, scope);
        ModelScope models = scope.openAiCompatible() ? ModelScope.openAiCompatible() : ModelScope.of(profile);
        Consumer<Exchange> openAi = list(new OpenAiModelList(fleet, models)::handle);
        switch (profile.listFormat()) {
            case "ollama" ->
                router.get(prefix + profile.discoveryPath(), list(new OllamaModelList(fleet, models)::handle));
            case "lmstudio" ->
                router.get(prefix + profile.discoveryPath(), list(new LmStudioModelList(fleet, models)::handle))
                        .get(prefix + "/api/v1/models", openAi);
            default -> router.get(prefix + profile.discoveryPath(), openAi);
        }
        if (profile.openAiCompatible()) {
            router.get(prefix + "/v1/models", openAi);
        }
    }

    private void proxyRoutes(Router router, ProviderScope scope) {
        router.under(
                scope.pathPrefix() + '/', new WhenReady(fleet, exchange -> pipeline.handle(exchange, scope))::handle);
    }

    /// A model list, which waits until the fleet has been looked at.
    private Consumer<Exchange> list(Consumer<Exchange> handler) {
        return new WhenReady(fleet, handler)::handle;
    }

    SystemStatistics statistics() {
        return statistics;
    }

    /// How bytes are moved: `epoll` or `nio`.
    String transport() {
        return loops.transport();
    }

    /// The port that is listened on.
    public int port() {
        return server.port();
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
        upstream.close();
        loops.close();
    }
}
