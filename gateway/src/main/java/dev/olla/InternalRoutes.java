package dev.olla;

import dev.olla.api.ConfigStatus;
import dev.olla.api.DashboardPage;
import dev.olla.api.DecisionsPage;
import dev.olla.api.EndpointControls;
import dev.olla.api.EndpointsPage;
import dev.olla.api.HealthPage;
import dev.olla.api.MetricsPage;
import dev.olla.api.ModelStatsPage;
import dev.olla.api.OffLoop;
import dev.olla.api.ProcessPage;
import dev.olla.api.QueueMetrics;
import dev.olla.api.ReadyPage;
import dev.olla.api.ReloadPage;
import dev.olla.api.ServiceInfo;
import dev.olla.api.StatusPage;
import dev.olla.api.StickyPage;
import dev.olla.api.TranslatorsPage;
import dev.olla.api.VersionPage;
import dev.olla.fleet.ReloadableFleet;
import dev.olla.http.Router;
import dev.olla.request.admit.ControlCallGate;
import dev.olla.request.admit.DashboardSettings;
import dev.olla.request.select.StickySessions;
import dev.olla.request.select.WaitingRoom;
import dev.olla.telemetry.Decisions;
import dev.olla.telemetry.ModelStatistics;
import dev.olla.telemetry.SystemStatistics;
import dev.olla.telemetry.TranslatorStatistics;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The routes on which the gateway tells of itself and is told what to do, and what their pages read.
///
/// @param reload reads the configuration again; may block
/// @param stopping whether no further requests are wanted
record InternalRoutes(
        ReloadableFleet fleet,
        SystemStatistics statistics,
        ModelStatistics models,
        TranslatorStatistics translators,
        WaitingRoom room,
        Supplier<StickySessions> sticky,
        Supplier<Decisions> decisions,
        Supplier<ConfigStatus> configStatus,
        Supplier<ConfigStatus.Reload> reload,
        BooleanSupplier stopping,
        InstantSource clock) {

    /// @param settings whether there is a dashboard, and from where it and the controls may be used
    void addTo(Router router, ServiceInfo service, DashboardSettings settings) {
        state(router, service);
        figures(router, service);
        requests(router);
        controls(router, new ControlCallGate(settings));
        if (settings.enabled()) {
            dashboard(router);
        }
    }

    private void state(Router router, ServiceInfo service) {
        router.get("/version", new VersionPage(service)::handle)
                .get("/internal/health", new HealthPage()::handle)
                .get("/internal/ready", new ReadyPage(fleet, stopping)::handle)
                .get(
                        "/internal/status",
                        new StatusPage(fleet, statistics, service, configStatus, room::figures, clock)::handle)
                .get("/internal/status/endpoints", new EndpointsPage(fleet, clock)::handle)
                .get("/internal/process", new ProcessPage(clock)::handle);
    }

    private void figures(Router router, ServiceInfo service) {
        router.get("/internal/stats/models", new ModelStatsPage(models, clock)::handle)
                .get("/internal/stats/translators", new TranslatorsPage(translators, clock)::handle)
                .get("/internal/stats/sticky", new StickyPage(() -> sticky.get().figures())::handle)
                .get(
                        "/internal/metrics",
                        new MetricsPage(
                                fleet,
                                statistics,
                                models,
                                translators,
                                new QueueMetrics(room::figures, room.statistics()),
                                service,
                                clock)::handle);
    }

    private void requests(Router router) {
        DecisionsPage page = new DecisionsPage(decisions);
        router.get("/internal/requests", OffLoop.of(page::list)).getUnder("/internal/requests/", page::one);
    }

    private void controls(Router router, ControlCallGate gate) {
        router.post("/internal/reload", gate.guard(new ReloadPage(reload)::handle));
        router.under(EndpointControls.PREFIX, new EndpointControls(fleet, gate::guard, clock)::handle);
    }

    private static void dashboard(Router router) {
        DashboardPage page = new DashboardPage();
        router.getUnder(DashboardPage.PATH, page::handle).get("/internal/ui", page::redirect);
    }
}
