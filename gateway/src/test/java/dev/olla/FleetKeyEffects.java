package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.Fault;
import dev.olla.testbed.RecordedRequest;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What the keys of `discovery` do, those of an endpoint included.
final class FleetKeyEffects {

    private static final String DISCOVERY = "discovery.model_discovery.";
    private static final String ENDPOINT = "discovery.static.endpoints[].";
    private static final String PATH = "/olla/proxy/v1/chat/completions";
    private static final String LIST_KEY = "discovery.static.endpoints";
    private static final String LIST = "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\"}]}";
    private static final String CHAT = "{\"model\":\"m\",\"messages\":[]}";

    private FleetKeyEffects() {}

    static List<KeyEffect> all() {
        return List.of(
                new KeyEffect(DISCOVERY + "enabled", "false", FleetKeyEffects::readsNoList),
                new KeyEffect(DISCOVERY + "interval", "20ms", FleetKeyEffects::readsAgainAndAgain),
                new KeyEffect(DISCOVERY + "timeout", "200ms", FleetKeyEffects::givesUpOnAList),
                new KeyEffect(DISCOVERY + "concurrent_workers", "2", FleetKeyEffects::readsTwoAtATime),
                new KeyEffect(DISCOVERY + "retry_attempts", "1", FleetKeyEffects::triesTwice),
                new KeyEffect(DISCOVERY + "retry_backoff", "1h", FleetKeyEffects::waitsBeforeTheNextTry),
                new KeyEffect(ENDPOINT + "name", "renamed", FleetKeyEffects::isNamed),
                new KeyEffect(ENDPOINT + "type", "ollama", setting -> asks(setting, "/")),
                new KeyEffect(ENDPOINT + "health_check_url", "/elsewhere", setting -> asks(setting, "/elsewhere")),
                new KeyEffect(ENDPOINT + "model_url", "/elsewhere", setting -> asks(setting, "/elsewhere")),
                new KeyEffect(ENDPOINT + "check_interval", "1h", FleetKeyEffects::isProbedOnce),
                new KeyEffect(ENDPOINT + "check_timeout", "100ms", FleetKeyEffects::isTooSlowForAProbe),
                new KeyEffect(ENDPOINT + "model_filter.include", "['l*']", FleetKeyEffects::hasOneModelOfTwo),
                new KeyEffect(ENDPOINT + "model_filter.exclude", "['m*']", FleetKeyEffects::hasOneModelOfTwo),
                new KeyEffect(
                        ENDPOINT + "auth.token_file",
                        file("t0ken"),
                        sends("bearer", "header", "X-Unused", "Bearer t0ken")),
                new KeyEffect(ENDPOINT + "auth.key_file", file("k3y"), sends("api_key", "header", "X-Key", "k3y")),
                new KeyEffect(
                        ENDPOINT + "auth.username_file",
                        file("bob"),
                        sends("basic", "password", "t0ken", "Basic Ym9iOnQwa2Vu")),
                new KeyEffect(
                        ENDPOINT + "auth.password_file",
                        file("t0ken"),
                        sends("basic", "username", "bob", "Basic Ym9iOnQwa2Vu")));
    }

    private static SimulatedServer server(String name) {
        return SimulatedServer.vllm(name).model("m").model("llama").start();
    }

    private static void readsNoList(Setting setting) {
        try (SimulatedServer box = server("box");
                TestGateway gateway = setting.before(box)) {
            assertThat(gateway.json("/olla/proxy/v1/models").get("data")).isEmpty();
            assertThat(box.requests("/v1/models")).isZero();
        }
    }

    private static void readsAgainAndAgain(Setting setting) {
        try (SimulatedServer box = server("box");
                TestGateway _ = setting.before(box)) {
            Eventually.await("the list is read often", () -> box.requests("/v1/models") >= 5);
        }
    }

    private static void readsTwoAtATime(Setting setting) {
        AtomicInteger reading = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CyclicBarrier pair = new CyclicBarrier(2);
        try (FaultServer lists = FaultServer.start("lists", (connection, _) -> {
                    most.accumulateAndGet(reading.incrementAndGet(), Math::max);
                    meet(pair);
                    reading.decrementAndGet();
                    connection.write(FaultServer.answer(200, "application/json", LIST));
                });
                TestGateway _ = TestGateway.of(setting.yaml(LIST_KEY, readBy(lists, 6)), setting.environment())) {
            Eventually.await("every list is read", () -> lists.requests() >= 6);
            assertThat(most).hasValue(2);
        }
    }

    private static void meet(CyclicBarrier pair) throws InterruptedException {
        try {
            pair.await();
        } catch (BrokenBarrierException e) {
            throw new AssertionError(e);
        }
    }

    /// So many endpoints whose lists are at that server.
    private static String readBy(FaultServer lists, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{url: \"" + lists.url() + "/" + i + "\", name: e" + i + ", type: vllm, model_url: \""
                        + lists.url() + "/lists\", health_check_url: \"" + lists.url() + "/health\"}")
                .toList()
                .toString();
    }

    /// With the default of 30 s there would be no second try in time.
    private static void givesUpOnAList(Setting setting) {
        try (FaultServer lists = FaultServer.start("lists", FaultServer.silent());
                TestGateway _ = TestGateway.of(setting.yaml(LIST_KEY, readBy(lists, 1)), setting.environment())) {
            Eventually.await("another try", () -> lists.requests() >= 2);
        }
    }

    private static void triesTwice(Setting setting) {
        assertTries(setting, 2, 5, DISCOVERY + "retry_backoff", "1ms");
    }

    private static void waitsBeforeTheNextTry(Setting setting) {
        assertTries(setting, 1, 15); // in 1.5 s; the usual pause is 1 s
    }

    /// Of a list that is not to be had; a server that is probed ten times a second tells that time passes.
    private static void assertTries(Setting setting, int tries, int probes, String... more) {
        try (SimulatedServer clock = server("clock");
                FaultServer lists = FaultServer.start(
                        "lists", FaultServer.answering(FaultServer.answer(503, "application/json", "{}")));
                TestGateway _ = setting.before(clock, joined(more, readsFrom(lists)))) {
            Eventually.await("the list is tried", () -> lists.requests() >= tries);
            Eventually.await("time passes", () -> clock.requests("/health") >= probes);
            assertThat(lists.requests()).isEqualTo(tries);
        }
    }

    private static String[] readsFrom(FaultServer lists) {
        return new String[] {"[].model_url", "\"" + lists.url() + "/lists\""};
    }

    private static String[] joined(String[] first, String[] second) {
        return Stream.of(first, second).flatMap(Stream::of).toArray(String[]::new);
    }

    private static void isNamed(Setting setting) {
        try (SimulatedServer box = server("box");
                TestGateway gateway = setting.before(box)) {
            assertThat(gateway.post(PATH, CHAT).headers().firstValue("X-Olla-Endpoint"))
                    .hasValue("renamed");
        }
    }

    private static void asks(Setting setting, String path) {
        try (SimulatedServer box = server("box");
                TestGateway _ = setting.before(box)) {
            Eventually.await(path + " is asked", () -> box.requests(path) > 0);
        }
    }

    private static void isProbedOnce(Setting setting) {
        try (SimulatedServer box = server("box");
                SimulatedServer clock = server("clock");
                TestGateway _ = setting.before(List.of(box, clock))) {
            Eventually.await("time passes", () -> clock.requests("/health") >= 3);
            assertThat(box.requests("/health")).isEqualTo(1);
        }
    }

    private static void isTooSlowForAProbe(Setting setting) {
        try (SimulatedServer box = server("box")) {
            box.fault(Fault.slowFirstByte(Duration.ofMillis(300)));
            try (TestGateway gateway = setting.before(box)) {
                Eventually.await(
                        "it is found too slow",
                        () -> !FaultStatus.of(gateway, "box").matches("healthy|unknown|warming"));
            }
        }
    }

    private static void hasOneModelOfTwo(Setting setting) {
        try (SimulatedServer box = server("box");
                TestGateway gateway = setting.before(box)) {
            var models = gateway.json("/olla/proxy/v1/models").get("data");
            assertThat(models).hasSize(1);
            assertThat(models.get(0).get("id").asString()).isEqualTo("llama");
        }
    }

    /// The first request carries the header with what is in the file.
    private static KeyEffect.Scenario sends(String type, String otherKey, String otherValue, String sent) {
        return setting -> {
            try (SimulatedServer box = server("box");
                    TestGateway gateway =
                            setting.before(box, "[].auth.type", type, "[].auth." + otherKey, otherValue)) {
                gateway.post(PATH, CHAT);
                RecordedRequest request = box.lastTo("/v1/chat/completions");
                assertThat(request.path()).isEqualTo("/v1/chat/completions");
                assertThat(request.headers())
                        .extracting(RecordedRequest.Header::value)
                        .contains(sent);
            }
        };
    }

    /// The path of a file with that text.
    private static String file(String text) {
        try {
            Path file = Files.createTempFile("olla-test", ".secret");
            file.toFile().deleteOnExit();
            return "'" + Files.writeString(file, text + "\n") + "'";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
