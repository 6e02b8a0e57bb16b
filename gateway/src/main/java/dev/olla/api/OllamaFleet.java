package dev.olla.api;

import dev.olla.dialect.ErrorAnswer;
import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.Fleet;
import dev.olla.fleet.Inquiry;
import dev.olla.http.Exchange;
import dev.olla.http.Fetched;
import dev.olla.http.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// The Ollamas of the fleet, asked all at once for what each knows of itself.
final class OllamaFleet {

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final String PARTIAL = "X-Olla-Partial";

    private final Fleet fleet;
    private final Inquiry inquiry;

    OllamaFleet(Fleet fleet, Inquiry inquiry) {
        this.fleet = fleet;
        this.inquiry = inquiry;
    }

    /// Makes one answer of many.
    @FunctionalInterface
    interface Merge {

        /// @param answers by endpoint, in configuration order; at least one
        /// @return null when none of them is of use
        @Nullable
        ObjectNode of(Map<Endpoint, ObjectNode> answers);
    }

    /// Asks every Ollama that is up for a JSON object and answers with what becomes of them. Those that give none
    /// are named in a header.
    void answer(Exchange exchange, String path, Merge merge) {
        List<Endpoint> ollamas = fleet.snapshot().endpoints().stream()
                .filter(state -> state.offersModels() && state.profile().ollamaNative())
                .map(EndpointState::endpoint)
                .toList();
        if (ollamas.isEmpty()) {
            ErrorAnswer.respond(exchange, 503, "no_endpoints", "No ollama endpoints available");
            return;
        }
        inquiry.get(ollamas, path, LIMIT, MAX_BYTES)
                .thenAccept(replies -> exchange.loop().execute(() -> respond(exchange, path, replies, merge)));
    }

    private static void respond(Exchange exchange, String path, List<Inquiry.Reply> replies, Merge merge) {
        Map<Endpoint, ObjectNode> answers = new LinkedHashMap<>();
        List<Endpoint> silent = new ArrayList<>();
        for (Inquiry.Reply reply : replies) {
            ObjectNode answer = object(reply.fetched());
            if (answer == null) {
                silent.add(reply.endpoint());
            } else {
                answers.put(reply.endpoint(), answer);
            }
        }
        ObjectNode merged = answers.isEmpty() ? null : merge.of(answers);
        if (merged == null) {
            ErrorAnswer.respond(exchange, 502, "bad_gateway", "no Ollama gave a usable answer to " + path);
            return;
        }
        Headers headers = Headers.of("Content-Type", Json.CONTENT_TYPE);
        if (!silent.isEmpty()) {
            String names = silent.stream().map(Endpoint::name).collect(Collectors.joining(", "));
            headers.set(PARTIAL, Headers.printable(names));
        }
        exchange.respond(200, headers, Json.MAPPER.writeValueAsBytes(merged));
    }

    private static @Nullable ObjectNode object(Fetched fetched) {
        if (!(fetched instanceof Fetched.Answer answer) || answer.status() != 200) {
            return null;
        }
        try {
            return Json.MAPPER.readTree(answer.body().bytes()) instanceof ObjectNode object ? object : null;
        } catch (JacksonException _) {
            return null;
        }
    }
}
