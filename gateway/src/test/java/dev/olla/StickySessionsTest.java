package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The turns of one conversation and the server that takes them; the balancer would send each to the next server.
class StickySessionsTest {

    private static final String STICKY = """
            proxy:
              load_balancer: round-robin
              sticky_sessions: {enabled: true, key_sources: [session_header, prefix_hash, auth_header]}
            """;

    private final SimulatedServer a = SimulatedServer.ollama("a").model("m").start();
    private final SimulatedServer b = SimulatedServer.ollama("b").model("m").start();
    private final SimulatedServer c = SimulatedServer.ollama("c").model("m").start();
    private final String servers = TestGateway.endpoints(a, b, c);
    private final TestGateway gateway = TestGateway.watching(servers + STICKY);

    @AfterEach
    void close() {
        gateway.close();
        a.close();
        b.close();
        c.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // route | start of the body | what each turn adds | end
                "/olla/proxy/v1/chat/completions  | {'model':'m','messages':[{'role':'system','content':'S'},{'role':'user','content':'FIRST'} | ,{'role':'assistant','content':'x'},{'role':'user','content':'y'} | ]}",
                "/olla/openai/v1/chat/completions | {'messages':[{'content':[{'type':'text','text':'FIRST'}],'role':'user'} | ,{'role':'assistant','content':'x'} | ],'model':'m'}",
                "/olla/ollama/api/chat            | {'model':'m','stream':false,'messages':[{'role':'user','content':'FIRST'} | ,{'role':'assistant','content':'x'} | ]}",
                "/olla/proxy/api/generate         | {'model':'m','stream':false,'prompt':'FIRST','context':[1 | ,2 | ]}",
            })
    void aGrowingConversationStaysWithItsServer(String path, String start, String turn, String end) {
        StringBuilder turns = new StringBuilder();
        HttpResponse<String> first = gateway.post(path, json(start + turns + end));
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertSticky(first, "miss", "prefix_hash");
        String server = server(first);
        for (int i = 0; i < 5; i++) {
            turns.append(turn);
            HttpResponse<String> next = gateway.post(path, json(start + turns + end));
            assertSticky(next, "hit", "prefix_hash");
            assertThat(server(next)).isEqualTo(server);
        }
        HttpResponse<String> other = gateway.post(path, json((start + end).replace("FIRST", "SECOND")));
        assertSticky(other, "miss", "prefix_hash");
    }

    @Test
    void anAnthropicConversationStaysWithItsServer() {
        SimulatedServer d = SimulatedServer.anthropic("d").model("claude").start();
        SimulatedServer e = SimulatedServer.anthropic("e").model("claude").start();
        try (TestGateway anthropic = TestGateway.of(TestGateway.endpoints(d, e) + STICKY)) {
            String start =
                    "{'model':'claude','max_tokens':9,'system':[{'type':'text','text':'S','cache_control':{'type':"
                            + "'ephemeral'}}],'messages':[{'role':'user','content':[{'type':'text','text':'A'}]}";
            HttpResponse<String> first = anthropic.post("/olla/proxy/v1/messages", json(start + "]}"));
            assertSticky(first, "miss", "prefix_hash");
            HttpResponse<String> next = anthropic.post(
                    "/olla/proxy/v1/messages",
                    json(start + ",{'role':'assistant','content':'x'},{'role':'user','content':'y'}]}"));
            assertSticky(next, "hit", "prefix_hash");
            assertThat(server(next)).isEqualTo(server(first));
        } finally {
            d.close();
            e.close();
        }
    }

    @Test
    void theUsersOfOneAgentAreSpread() {
        Set<String> used = new TreeSet<>();
        for (int user = 0; user < 3; user++) {
            used.add(server(chat("S".repeat(5000), "question of user " + user)));
        }
        assertThat(used).containsExactly("a", "b", "c");
    }

    @Test
    void onlySoMuchOfTheBeginningCounts() {
        gateway.reload(servers + STICKY.replace("enabled: true", "enabled: true, prefix_hash_bytes: 4"));
        assertSticky(chat("S", "same question"), "miss", "prefix_hash");
        assertSticky(chat("S", "same start"), "hit", "prefix_hash");
        assertSticky(chat("S", "other start"), "miss", "prefix_hash");
    }

    @Test
    void theSessionThatAClientNamesComesFirstAndIsToldBack() {
        HttpResponse<String> first = chat("S", "one", "X-Olla-Session-ID", "mine");
        assertSticky(first, "miss", "session_header");
        assertThat(first.headers().firstValue("X-Olla-Session-ID")).hasValue("mine");
        HttpResponse<String> next = chat("S", "something else", "X-Olla-Session-ID", "mine");
        assertSticky(next, "hit", "session_header");
        assertThat(server(next)).isEqualTo(server(first));
        assertSticky(chat("S", "something else", "X-Olla-Session-ID", "other"), "miss", "session_header");
    }

    @Test
    void theSessionOfClaudeCodeCountsWhereNoOtherIsNamed() {
        HttpResponse<String> first = chat("S", "one", "X-Claude-Code-Session-Id", "8c0d");
        assertSticky(first, "miss", "session_header");
        assertSticky(chat("S", "two", "X-Claude-Code-Session-Id", "8c0d"), "hit", "session_header");
        HttpResponse<String> both = chat("S", "three", "X-Claude-Code-Session-Id", "8c0d", "X-Olla-Session-ID", "own");
        assertSticky(both, "miss", "session_header");
    }

    @Test
    void aCredentialIsTheLastResort() {
        assertSticky(get("Authorization", "Bearer secret"), "miss", "auth_header");
        assertSticky(get("Authorization", "Bearer secret"), "hit", "auth_header");
        assertSticky(get("Authorization", "Bearer other"), "miss", "auth_header");
        HttpResponse<String> nobody = get();
        assertThat(nobody.headers().firstValue("X-Olla-Sticky-Session")).hasValue("disabled");
        assertThat(nobody.headers().firstValue("X-Olla-Sticky-Key-Source")).isEmpty();
        assertThat(nobody.headers().firstValue("X-Olla-Session-ID")).isEmpty();
    }

    @Test
    void theAddressMayTellTheSession() {
        gateway.reload(servers + STICKY.replace("session_header, prefix_hash, auth_header", "ip"));
        assertSticky(get(), "miss", "ip");
        assertSticky(chat("S", "A"), "miss", "ip"); // another model, if none is one
        assertSticky(chat("S", "B"), "hit", "ip");
    }

    @Test
    void whenTheServerFailsTheSessionMovesAndStaysThere() {
        String first = server(chat("S", "A"));
        SimulatedServer gone = named(first);
        gone.fault(Fault.closeBeforeAnswer());
        HttpResponse<String> moved = chat("S", "A");
        assertSticky(moved, "repin", "prefix_hash");
        assertThat(server(moved)).isNotEqualTo(first);
        gone.clearFault();
        HttpResponse<String> next = chat("S", "A");
        assertSticky(next, "hit", "prefix_hash");
        assertThat(server(next)).isEqualTo(server(moved));
    }

    @Test
    void aServerThatWentAwayAndCameBackHasLostItsSessions() {
        String first = server(chat("S", "A"));
        SimulatedServer gone = named(first);
        gone.stop();
        FaultStatus.await(gateway, first, "offline");
        Eventually.await(
                "the pin is purged", () -> sticky().get("active_sessions").asInt() == 0);
        gone.restart();
        FaultStatus.await(gateway, first, "warming");
        assertThat(sticky().get("evictions").asInt()).isEqualTo(1);
        assertSticky(chat("S", "A"), "repin", "prefix_hash");
        assertSticky(chat("S", "A"), "hit", "prefix_hash");
    }

    @Test
    void aReloadKeepsSessions() {
        String first = server(chat("S", "A"));
        assertThat(gateway.reload(servers + STICKY.replace("enabled: true", "enabled: true, max_sessions: 50"))
                        .applied())
                .isTrue();
        HttpResponse<String> next = chat("S", "A");
        assertSticky(next, "hit", "prefix_hash");
        assertThat(server(next)).isEqualTo(first);
        assertThat(sticky().get("max_sessions").asInt()).isEqualTo(50);
    }

    @Test
    void thePageCountsWhatHappened() {
        chat("S", "A");
        chat("S", "A");
        chat("S", "B");
        JsonNode page = sticky();
        assertThat(page).isEqualTo(TestGateway.JSON.readTree("""
                {"enabled":true,"active_sessions":2,"insertions":2,"hits":1,"misses":2,"evictions":0,
                 "max_sessions":10000,"idle_ttl_seconds":600}"""));
    }

    @Test
    void whileItIsOffNothingIsTold() {
        gateway.reload(servers + "proxy: {load_balancer: round-robin}\n");
        assertThat(gateway.get("/internal/stats/sticky").body()).isEqualTo("{\"enabled\":false}");
        assertThat(chat("S", "A").headers().firstValue("X-Olla-Sticky-Session")).isEmpty();
    }

    @Test
    void anErrorOfTheGatewayTellsNothingOfSessions() {
        HttpResponse<String> answer = gateway.post("/olla/proxy/v1/chat/completions", json("{'model':'nobody'}"));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("X-Olla-Sticky-Session")).isEmpty();
    }

    private SimulatedServer named(String name) {
        return switch (name) {
            case "a" -> a;
            case "b" -> b;
            default -> c;
        };
    }

    private JsonNode sticky() {
        return gateway.json("/internal/stats/sticky");
    }

    private HttpResponse<String> chat(String system, String user, String... headers) {
        return gateway.post(
                "/olla/proxy/v1/chat/completions",
                json("{'model':'m','messages':[{'role':'system','content':'" + system + "'},{'role':'user','content':'"
                        + user + "'}]}"),
                headers);
    }

    private HttpResponse<String> get(String... headers) {
        return gateway.get("/olla/proxy/", headers);
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static String server(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-Olla-Endpoint").orElseThrow();
    }

    private static void assertSticky(HttpResponse<String> answer, String what, String source) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Olla-Sticky-Session")).hasValue(what);
        assertThat(answer.headers().firstValue("X-Olla-Sticky-Key-Source")).hasValue(source);
    }
}
