package dev.olla;

import dev.olla.api.ExplainPage;
import dev.olla.api.ModelLists;
import dev.olla.api.ModelScope;
import dev.olla.api.ModelsPage;
import dev.olla.api.NotSupported;
import dev.olla.api.OffLoop;
import dev.olla.api.OllamaVersion;
import dev.olla.api.RunningModels;
import dev.olla.api.UnifiedModelList;
import dev.olla.api.UnifiedModelPage;
import dev.olla.api.UnifiedModels;
import dev.olla.api.WhenReady;
import dev.olla.config.Config;
import dev.olla.dialect.ApiCall;
import dev.olla.dialect.Dialect;
import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.Inquiry;
import dev.olla.fleet.ReloadableFleet;
import dev.olla.http.Exchange;
import dev.olla.http.Router;
import dev.olla.request.Foresight;
import dev.olla.request.ModelManagement;
import dev.olla.request.RequestPipeline;
import dev.olla.request.StoredResponses;
import dev.olla.request.route.ProviderScope;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// The routes to the fleet under one configuration: what is passed on to its servers, and what is told of their
/// models.
///
/// @param settings the configuration that these routes go by
record FleetRoutes(
        ReloadableFleet fleet, Inquiry inquiry, RequestPipeline pipeline, Config settings, InstantSource clock) {

    private static final String EVERY_KIND = "/olla/proxy";

    private static final String EVERY_FORMAT = "/olla/any";

    private static final ProviderScope OF_EVERY_FORMAT =
            ProviderScope.everything(EVERY_FORMAT, Set.of(Dialect.values()));

    void addTo(Router router) {
        models(router);
        everyKind(router);
        everyFormat(router);
        for (BackendProfile profile : profiles()) {
            profile.prefixes().forEach(prefix -> kind(router, profile, "/olla/" + prefix));
        }
        router.post("/internal/explain", new WhenReady(fleet, new ExplainPage(foresight()::look)::handle)::handle);
    }

    private Collection<BackendProfile> profiles() {
        return settings.profiles().byName().values();
    }

    private void models(Router router) {
        UnifiedModels unified = new UnifiedModels(fleet, settings.routing().aliases());
        ModelsPage page = new ModelsPage(fleet, unified, clock);
        router.get("/internal/status/models", OffLoop.of(page::handle));
        if (settings.enableUnifier()) {
            router.get("/olla/models", list(new UnifiedModelList(unified)::handle))
                    .getUnder("/olla/models/", list(new UnifiedModelPage(unified, clock)::handle));
        } else {
            router.get("/olla/models", list(page::handle))
                    .getUnder("/olla/models/", new NotSupported("Unified models not supported")::handle);
        }
    }

    private void everyKind(Router router) {
        proxy(router, ProviderScope.all(EVERY_KIND));
        lists(router, EVERY_KIND, ModelScope.openAiCompatible());
    }

    /// The lists of all formats, whatever kinds of server the models are on.
    private void lists(Router router, String prefix, ModelScope scope) {
        ModelLists all = lists(scope);
        String one = prefix + "/v1/models/";
        router.get(prefix + "/v1/models", list(all.openAi().list()))
                .getUnder(one, list(all.openAi().one(one)))
                .get(prefix + "/api/tags", list(all.ofOllamas()));
        ollamaPages(router, prefix);
    }

    /// Every call of every format, and nothing else: what one server alone can answer is asked under its own kind.
    private void everyFormat(Router router) {
        for (ApiCall call : ApiCall.values()) {
            router.post(EVERY_FORMAT + call.path(), proxied(OF_EVERY_FORMAT));
        }
        router.post(EVERY_FORMAT + "/api/show", proxied(ProviderScope.all(EVERY_FORMAT)));
        lists(router, EVERY_FORMAT, ModelScope.everyKind());
        responses(router, OF_EVERY_FORMAT);
    }

    private void kind(Router router, BackendProfile profile, String prefix) {
        ProviderScope scope = ProviderScope.of(prefix, profile);
        proxy(router, scope);
        boolean widest = scope.openAiCompatible();
        ModelLists lists = lists(widest ? ModelScope.openAiCompatible() : ModelScope.of(profile));
        Consumer<Exchange> proxy = proxied(scope);
        lists.of(profile).forEach((path, pages) -> {
            router.get(prefix + path, list(pages.list()));
            Consumer<Exchange> one = list(pages.one(prefix + path + '/'));
            router.under(
                    prefix + path + '/',
                    exchange -> (isModelPage(exchange, profile, prefix) ? one : proxy).accept(exchange));
        });
        if (widest) {
            router.get(prefix + "/api/tags", list(lists.ofOllamas()));
        }
        if (widest || profile.ollamaNative()) {
            ollamaPages(router, prefix);
        }
        if (settings.ollamaManagement() && profile.ollamaNative()) {
            management(router, scope);
        }
    }

    private void management(Router router, ProviderScope scope) {
        ModelManagement management = new ModelManagement(fleet, fleet);
        Consumer<Exchange> managed =
                new WhenReady(fleet, exchange -> pipeline.handle(exchange, scope, management))::handle;
        router.under(scope.pathPrefix() + '/', managed).streamUnder(scope.pathPrefix() + "/api/blobs/", managed);
    }

    private ModelLists lists(ModelScope scope) {
        return new ModelLists(fleet, scope, settings.routing().aliases());
    }

    /// Whether the path below a list names one model. Another method is the server's, and so is a path that the
    /// kind is known to serve there.
    private static boolean isModelPage(Exchange exchange, BackendProfile profile, String prefix) {
        return List.of("GET", "HEAD").contains(exchange.request().method())
                && !profile.paths().contains(exchange.path().substring(prefix.length()));
    }

    /// What every Ollama says of itself.
    private void ollamaPages(Router router, String prefix) {
        router.get(prefix + "/api/ps", list(new RunningModels(fleet, inquiry)::handle))
                .get(prefix + "/api/version", list(new OllamaVersion(fleet, inquiry)::handle));
    }

    private void proxy(Router router, ProviderScope scope) {
        router.under(scope.pathPrefix() + '/', proxied(scope));
        responses(router, scope);
    }

    private void responses(Router router, ProviderScope scope) {
        if (scope.translated().contains(Dialect.RESPONSES)) {
            router.under(
                    StoredResponses.pathUnder(scope.pathPrefix()),
                    new WhenReady(fleet, new StoredResponses(pipeline, scope)::handle)::handle);
        }
    }

    private Consumer<Exchange> proxied(ProviderScope scope) {
        return new WhenReady(fleet, exchange -> pipeline.handle(exchange, scope))::handle;
    }

    private Foresight foresight() {
        List<ProviderScope> scopes = new ArrayList<>();
        scopes.add(ProviderScope.all(EVERY_KIND));
        scopes.add(OF_EVERY_FORMAT);
        scopes.add(AnthropicRoutes.SCOPE);
        for (BackendProfile profile : profiles()) {
            profile.prefixes().forEach(prefix -> scopes.add(ProviderScope.of("/olla/" + prefix, profile)));
        }
        return new Foresight(pipeline, scopes);
    }

    /// A model list, which waits until the fleet has been looked at.
    private Consumer<Exchange> list(Consumer<Exchange> handler) {
        return new WhenReady(fleet, OffLoop.of(handler))::handle;
    }
}
