package dev.olla.request;

import dev.olla.dialect.Identifiers;
import dev.olla.dialect.responses.ResponseStore;
import dev.olla.dialect.translate.ClientRequests;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.Fleet;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.fleet.ModelRefresh;
import dev.olla.http.EventLoops;
import dev.olla.http.Router;
import dev.olla.http.Server;
import dev.olla.http.ServerSettings;
import dev.olla.http.UpstreamClient;
import dev.olla.http.UpstreamTls;
import dev.olla.request.admit.Admission;
import dev.olla.request.admit.AdmissionSettings;
import dev.olla.request.admit.RequestIds;
import dev.olla.request.inspect.Inspector;
import dev.olla.request.route.ModelRouting;
import dev.olla.request.route.ProviderScope;
import dev.olla.request.route.RouteFinder;
import dev.olla.request.route.RoutingSettings;
import dev.olla.request.route.TranslationSettings;
import dev.olla.request.select.Balancer;
import dev.olla.request.select.EndpointRates;
import dev.olla.request.select.QueueSettings;
import dev.olla.request.select.StickySessions;
import dev.olla.request.select.StickySettings;
import dev.olla.request.select.WaitingRoom;
import dev.olla.request.send.ProxySettings;
import dev.olla.request.send.RequestLimits;
import dev.olla.request.send.RetryBudget;
import dev.olla.request.send.RetryPolicy;
import dev.olla.request.send.RetrySettings;
import dev.olla.request.send.Sender;
import dev.olla.request.stream.AnswerHeaders;
import dev.olla.telemetry.Decisions;
import dev.olla.telemetry.ModelStatistics;
import dev.olla.telemetry.RequestLog;
import dev.olla.telemetry.SystemStatistics;
import dev.olla.telemetry.TranslatorStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.SplittableRandom;

/// The pipeline on a port, before a fleet that no probe changes and whose clock the test turns.
public final class PipelineGateway implements AutoCloseable {

    private final EventLoops loops = new EventLoops(1);
    private final UpstreamClient upstream = new UpstreamClient(loops, UpstreamTls.platform());
    private final SystemStatistics statistics = new SystemStatistics();
    private final Server server;

    public PipelineGateway(SampleFleet fleet, Balancer balancer) {
        RequestLog log = new RequestLog(statistics);
        RetryPolicy retries =
                new RetryPolicy(RetrySettings.DEFAULTS, new RetryBudget(System::nanoTime), InstantSource.system());
        Fleet still = new StillFleet(fleet);
        ModelRouting routing = new ModelRouting(
                SampleFleet.PROFILES.byName().values(), RoutingSettings.DEFAULTS, TranslationSettings.DEFAULTS);
        Admission admission = admission();
        RequestPipeline pipeline = new RequestPipeline(
                still,
                new Inspector(512),
                new RouteFinder(still, (_, _, told) -> told.accept(ModelRefresh.Result.FAILED), routing),
                balancer,
                new EndpointRates(0, 1, InstantSource.system(), System::nanoTime),
                new WaitingRoom(QueueSettings.DEFAULTS, System::nanoTime),
                admission,
                () -> {},
                new StickySessions(StickySettings.DEFAULTS, System::nanoTime),
                new Sender(upstream, still, log, retries, "test"),
                new RequestLimits(ProxySettings.DEFAULTS),
                new AnswerHeaders("test", false),
                "auto",
                new Formats(
                        FormatSettings.DEFAULTS,
                        new ClientRequests(
                                new Identifiers(new SplittableRandom(1)),
                                InstantSource.system(),
                                new ResponseStore(FormatSettings.DEFAULTS.responses(), InstantSource.system())),
                        new Transcripts(InstantSource.system())),
                log,
                new RequestRecorder(
                        new Decisions(100),
                        new ModelStatistics(InstantSource.system(), new SplittableRandom(1)),
                        new TranslatorStatistics(),
                        routing,
                        InstantSource.system()));
        ProviderScope scope = ProviderScope.all("/olla/proxy");
        Router router = new Router().under("/olla/proxy/", exchange -> pipeline.handle(exchange, scope));
        FrontDoor frontDoor = new FrontDoor(admission, router, log);
        try {
            server = Server.start(ServerSettings.DEFAULTS.listeningOn("127.0.0.1", 0), loops, frontDoor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Admission admission() {
        return new Admission(
                AdmissionSettings.DEFAULTS,
                () -> null,
                new RequestIds(new SplittableRandom(1)),
                statistics,
                InstantSource.system(),
                System::nanoTime);
    }

    public int port() {
        return server.port();
    }

    public SystemStatistics statistics() {
        return statistics;
    }

    @Override
    public void close() {
        server.close();
        upstream.close();
        loops.close();
    }

    private record StillFleet(SampleFleet fleet) implements Fleet {

        @Override
        public FleetSnapshot snapshot() {
            return fleet.snapshot();
        }

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public void whenReady(Runnable action) {
            action.run();
        }

        @Override
        public void unreachable(Endpoint endpoint, String reason) {}

        @Override
        public void answered(Endpoint endpoint) {}
    }
}
