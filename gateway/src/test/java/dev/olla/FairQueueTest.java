package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.RawClient;
import dev.olla.testbed.RawResponse;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Two hundred clients, two of them greedy, before two places.
class FairQueueTest {

    private static final int CLIENTS = 200;
    private static final int GREEDY = 2;
    private static final int GREED = 40;
    private static final Pattern CLIENT = Pattern.compile("client-(\\d+)-");

    @Test
    void whoAsksOnceIsServedInTheFirstRoundHoweverMuchOthersAsk() throws IOException {
        List<RawClient> waiters = new ArrayList<>();
        try (SimulatedServer server = SimulatedServer.vllm("a")
                        .model("m")
                        .tokens(1_000_000)
                        .tokensPerSecond(200)
                        .start();
                TestGateway gateway = TestGateway.of(config(server))) {
            RawClient first = ask(gateway, 0, "hold", 1_000_000);
            RawClient second = ask(gateway, 1, "hold", 1_000_000);
            assertThat(first.readResponseToHead().status()).isEqualTo(200);
            assertThat(second.readResponseToHead().status()).isEqualTo(200);
            for (int client = 0; client < CLIENTS; client++) {
                for (int i = 0; i < (client < GREEDY ? GREED : 1); i++) {
                    waiters.add(ask(gateway, client, "wait", 1));
                }
            }
            Eventually.await(
                    "all wait",
                    () -> gateway.json("/internal/status").at("/queue/waiting").asInt() == waiters.size());
            first.close();
            second.close();
            for (RawClient waiter : waiters) {
                RawResponse answer = waiter.readResponse();
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                assertThat(answer.complete()).isTrue();
            }
            assertFair(server);
        } finally {
            for (RawClient waiter : waiters) {
                waiter.close();
            }
        }
    }

    private static String config(SimulatedServer server) {
        return """
                server: {rate_limits: {global_requests_per_minute: 0, per_ip_requests_per_minute: 0, trust_proxy_headers: true, trusted_proxy_cidrs: [127.0.0.0/8]}}
                discovery:
                  static:
                    endpoints:
                      - {name: a, url: "%s", type: vllm, max_concurrent_requests: 2}
                """.formatted(server.uri());
    }

    private static RawClient ask(TestGateway gateway, int client, String what, int tokens) throws IOException {
        RawClient raw = gateway.raw();
        String body = """
                {"model":"m","stream":true,"max_tokens":%d,"messages":[{"role":"user","content":"client-%d-%s"}]}""".formatted(tokens, client, what);
        raw.send("POST", "/olla/proxy/v1/chat/completions", "X-Forwarded-For: 10.1.0." + client + "\r\n", body);
        return raw;
    }

    /// The clients in the order in which the server got their requests.
    private static List<Integer> served(SimulatedServer server) {
        List<Integer> served = new ArrayList<>();
        server.recorded().forEach(request -> {
            Matcher matcher = CLIENT.matcher(request.bodyText());
            if (request.bodyText().contains("-wait") && matcher.find()) {
                served.add(Integer.parseInt(matcher.group(1)));
            }
        });
        return served;
    }

    /// The server remembers its last hundred requests: behind the first round there are only those of the greedy.
    /// With two places two requests are on their way at once, so that two may change places.
    private static void assertFair(SimulatedServer server) {
        int all = CLIENTS - GREEDY + GREEDY * GREED;
        assertThat(server.requests("/v1/chat/completions")).isEqualTo(all + 2L);
        List<Integer> last = served(server);
        List<Integer> behind = last.subList(last.size() - (all - CLIENTS - 2), last.size());
        assertThat(behind)
                .as("everybody once before anybody twice")
                .isNotEmpty()
                .allMatch(client -> client < GREEDY);
    }
}
