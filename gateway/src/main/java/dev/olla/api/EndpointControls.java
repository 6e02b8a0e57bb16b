package dev.olla.api;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.fleet.EndpointMode;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.EndpointSwitch;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Takes an endpoint out of the fleet and puts it back: `POST /internal/endpoints/{name}/drain`, `…/disable` and
/// `…/enable`.
public final class EndpointControls {

    public static final String PREFIX = "/internal/endpoints/";

    private static final Map<String, EndpointMode> ACTIONS =
            Map.of("drain", EndpointMode.DRAINING, "disable", EndpointMode.DISABLED, "enable", EndpointMode.ENABLED);

    private final EndpointSwitch fleet;
    private final UnaryOperator<Consumer<Exchange>> gate;
    private final InstantSource clock;

    private record Call(String endpoint, EndpointMode mode) {}

    /// @param fleet may wait, so it is called on a virtual thread
    /// @param gate lets through who may do this
    public EndpointControls(EndpointSwitch fleet, UnaryOperator<Consumer<Exchange>> gate, InstantSource clock) {
        this.fleet = fleet;
        this.gate = gate;
        this.clock = clock;
    }

    public void handle(Exchange exchange) {
        Call call = call(exchange.path());
        if (call == null) {
            ErrorAnswer.respond(exchange, 404, "not_found", "404 page not found");
        } else if (!exchange.request().method().equals("POST")) {
            ErrorAnswer.respond(exchange, 405, "method_not_allowed", "method not allowed", Headers.of("Allow", "POST"));
        } else {
            gate.apply(admitted -> carryOut(admitted, call)).accept(exchange);
        }
    }

    /// Null where the path names no call. The name is one segment, however it is encoded.
    private static @Nullable Call call(String path) {
        String[] segments = path.substring(PREFIX.length()).split("/", -1);
        if (segments.length != 2 || segments[0].isEmpty()) {
            return null;
        }
        EndpointMode mode = ACTIONS.get(segments[1]);
        String name = decoded(segments[0]);
        return mode == null || name == null ? null : new Call(name, mode);
    }

    /// Null where an escape is wrong. A plus is a plus: this is no form.
    private static @Nullable String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private void carryOut(Exchange exchange, Call call) {
        Thread.ofVirtual().name("endpoint-control").start(() -> {
            EndpointState state = fleet.set(call.endpoint(), call.mode());
            exchange.loop().execute(() -> answer(exchange, call, state));
        });
    }

    private void answer(Exchange exchange, Call call, @Nullable EndpointState state) {
        if (state == null) {
            ErrorAnswer.respond(
                    exchange, 404, "not_found", "no endpoint is called " + Headers.printable(call.endpoint()));
            return;
        }
        byte[] body = Json.MAPPER.writeValueAsBytes(EndpointsPage.item(ShownEndpoint.of(state), clock.instant()));
        exchange.respond(200, Headers.of("Content-Type", Json.CONTENT_TYPE), body);
    }
}
