package dev.olla;

import dev.olla.api.AnthropicModelList;
import dev.olla.api.ModelScope;
import dev.olla.api.OffLoop;
import dev.olla.api.WhenReady;
import dev.olla.dialect.ApiCall;
import dev.olla.dialect.Dialect;
import dev.olla.fleet.Inquiry;
import dev.olla.fleet.ModelAliases;
import dev.olla.fleet.ReloadableFleet;
import dev.olla.http.Exchange;
import dev.olla.http.Router;
import dev.olla.request.RequestPipeline;
import dev.olla.request.TokenCount;
import dev.olla.request.route.ProviderScope;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// The routes for clients of Anthropic's API, over the whole fleet.
///
/// @param startedAt when the gateway did
record AnthropicRoutes(
        ReloadableFleet fleet, Inquiry inquiry, RequestPipeline pipeline, ModelAliases aliases, Instant startedAt) {

    private static final String PREFIX = "/olla/anthropic";

    static final ProviderScope SCOPE = ProviderScope.everything(PREFIX, Set.of(Dialect.ANTHROPIC));

    /// Clients differ in what they add to the address that they are given.
    private static final List<String> MESSAGES = List.of("/v1/messages", "/messages", "/v1/v1/messages");

    void addTo(Router router) {
        Consumer<Exchange> message = whenReady(exchange -> pipeline.handle(exchange, SCOPE, ApiCall.MESSAGES.path()));
        Consumer<Exchange> count = whenReady(new TokenCount(pipeline, inquiry, SCOPE)::handle);
        for (String path : MESSAGES) {
            router.post(PREFIX + path, message).post(PREFIX + path + "/count_tokens", count);
        }
        AnthropicModelList models =
                new AnthropicModelList(fleet, ModelScope.everyKind().with(aliases), startedAt);
        String one = PREFIX + "/v1/models/";
        router.get(PREFIX + "/v1/models", whenReady(OffLoop.of(models::handle)))
                .get(PREFIX + "/models", whenReady(OffLoop.of(models::handle)))
                .getUnder(one, whenReady(OffLoop.of(models.one(one))));
    }

    private Consumer<Exchange> whenReady(Consumer<Exchange> handler) {
        return new WhenReady(fleet, handler)::handle;
    }
}
