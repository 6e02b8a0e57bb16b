package dev.olla;

import dev.olla.Gateway.LimitClocks;
import dev.olla.api.ConfigStatus;
import dev.olla.config.Config;
import dev.olla.config.ConfigLoader;
import dev.olla.http.UpstreamTls;
import dev.olla.testbed.RawClient;
import dev.olla.testbed.SimulatedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A gateway on a free port of the loopback, configured by YAML as a user's is; without limits on requests unless
/// the YAML has `rate_limits`.
final class TestGateway implements AutoCloseable {

    static final JsonMapper JSON = JsonMapper.shared();

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Map<String, String> UNLIMITED = Map.of(
            "OLLA_SERVER_GLOBAL_RATE_LIMIT", "0",
            "OLLA_SERVER_PER_IP_RATE_LIMIT", "0",
            "OLLA_SERVER_HEALTH_RATE_LIMIT", "0");

    private final Gateway gateway;
    private volatile String current;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestGateway(String yaml, Map<String, String> environment, UpstreamTls tls, LimitClocks clocks) {
        this(yaml, tls, clocks, written -> read(written, environment, Path.of(""), TestGateway::onFreePort));
    }

    private TestGateway(
            String yaml, UpstreamTls tls, LimitClocks clocks, Function<String, ConfigLoader.Result> reading) {
        current = yaml;
        try {
            gateway = Gateway.start(loaded(reading.apply(yaml)), () -> reading.apply(current), tls, clocks);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TestGateway of(String yaml) {
        return new TestGateway(yaml, Map.of(), UpstreamTls.platform(), LimitClocks.SYSTEM);
    }

    static TestGateway of(String yaml, Map<String, String> environment) {
        return new TestGateway(yaml, environment, UpstreamTls.platform(), LimitClocks.SYSTEM);
    }

    static TestGateway of(String yaml, UpstreamTls tls) {
        return new TestGateway(yaml, Map.of(), tls, LimitClocks.SYSTEM);
    }

    /// Whose limits on requests go by that time.
    static TestGateway of(String yaml, Map<String, String> environment, FakeTime time) {
        return new TestGateway(yaml, environment, UpstreamTls.platform(), time.clocks());
    }

    /// Started in that folder, where its companion files are.
    static TestGateway in(Path folder, String yaml) {
        return new TestGateway(
                yaml,
                UpstreamTls.platform(),
                LimitClocks.SYSTEM,
                written -> read(written, Map.of(), folder, TestGateway::onFreePort));
    }

    /// Whose probes come ten times as often as they may be asked for, where `check_interval` is 1 s: for tests that
    /// wait for what they find. Not for those in which a probe in between would do harm.
    static TestGateway watching(String yaml) {
        return watching(yaml, Map.of());
    }

    static TestGateway watching(String yaml, Map<String, String> environment) {
        return new TestGateway(
                yaml,
                UpstreamTls.platform(),
                LimitClocks.SYSTEM,
                written -> read(written, environment, Path.of(""), config -> QuickProbes.in(onFreePort(config))));
    }

    static TestGateway watching(SimulatedServer... servers) {
        return watching(endpoints(servers));
    }

    /// In front of these servers, which are probed every second.
    static TestGateway before(SimulatedServer... servers) {
        return of(endpoints(servers));
    }

    static String endpoints(SimulatedServer... servers) {
        StringBuilder yaml = new StringBuilder("discovery:\n  static:\n    endpoints:\n");
        for (SimulatedServer server : servers) {
            yaml.append(endpoint(
                    server.name(), server.uri().toString(), server.kind().type()));
        }
        return yaml.toString();
    }

    static String endpoint(String name, String url, String type) {
        return "      - {url: \"" + url + "\", name: " + name + ", type: " + type
                + ", check_interval: 1s, check_timeout: 500ms}\n";
    }

    static Config config(String yaml) {
        return loaded(read(yaml, Map.of(), Path.of(""), TestGateway::onFreePort));
    }

    static Config loaded(ConfigLoader.Result result) {
        return switch (result) {
            case ConfigLoader.Result.Loaded(Config loaded) -> loaded;
            case ConfigLoader.Result.Refused(var _, var problems) -> throw new AssertionError("refused: " + problems);
        };
    }

    /// Reads the YAML as a file would be read, but for what is changed afterwards.
    private static ConfigLoader.Result read(
            String yaml, Map<String, String> environment, Path folder, UnaryOperator<Config> changed) {
        return switch (asWritten(yaml, environment, folder)) {
            case ConfigLoader.Result.Loaded(Config config) -> new ConfigLoader.Result.Loaded(changed.apply(config));
            case ConfigLoader.Result.Refused refused -> refused;
        };
    }

    /// Reads the YAML as a file would be read.
    static ConfigLoader.Result asWritten(String yaml, Map<String, String> environment) {
        return asWritten(yaml, environment, Path.of(""));
    }

    private static ConfigLoader.Result asWritten(String yaml, Map<String, String> environment, Path folder) {
        try {
            Path file = Files.createTempFile("olla-test", ".yaml");
            try {
                Files.writeString(file, yaml);
                Map<String, String> variables = new HashMap<>(yaml.contains("rate_limits") ? Map.of() : UNLIMITED);
                variables.putAll(environment);
                return new ConfigLoader(variables, folder).load(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Config onFreePort(Config config) {
        return config.listeningOn("127.0.0.1", 0);
    }

    /// Has the gateway read this configuration in place of the current one.
    ConfigStatus.Reload reload(String yaml) {
        current = yaml;
        return gateway.reload();
    }

    Gateway gateway() {
        return gateway;
    }

    int port() {
        return gateway.port();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /// Waits until every server was probed and asked for its models, which requests at a start wait for.
    void awaitReady() {
        Eventually.await("it is ready", () -> get("/internal/ready").statusCode() == 200);
    }

    RawClient raw() throws IOException {
        return RawClient.connect(port());
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return send(request(path, headers).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    JsonNode json(String path) {
        return JSON.readTree(get(path).body());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(LIMIT);
        return headers.length == 0 ? request : request.headers(headers);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.close();
        gateway.close();
    }
}
