package dev.olla.testbed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The three simulated servers of the demo: two Ollamas that share a model, and one vLLM.
final class DemoFleet implements AutoCloseable {

    static final String SHARED_MODEL = "llama3.2:latest";

    private final List<SimulatedServer> servers = new ArrayList<>();

    DemoFleet(Consumer<FinishedRequest> observer) {
        servers.add(paced(SimulatedServer.ollama("box-a"), observer)
                .model(SHARED_MODEL, 2_019_393_189L)
                .model("mistral:7b", 4_113_301_824L)
                .start());
        servers.add(paced(SimulatedServer.ollama("box-b"), observer)
                .model(SHARED_MODEL, 2_019_393_189L)
                .model("qwen2.5-coder:7b", 4_683_087_332L)
                .start());
        servers.add(paced(SimulatedServer.vllm("rack-1"), observer)
                .model("Qwen/Qwen3-8B")
                .start());
    }

    List<SimulatedServer> servers() {
        return servers;
    }

    Set<String> modelNames() {
        return servers.stream()
                .flatMap(server -> server.models().stream())
                .map(SimulatedModel::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The configuration of a gateway in front of these servers.
    String gatewayConfiguration(int port) {
        StringBuilder yaml = new StringBuilder("""
                server:
                  host: "localhost"
                  port: %d
                  rate_limits: # for people who share a gateway, not for one who tries it out with a load generator
                    global_requests_per_minute: 0
                    per_ip_requests_per_minute: 0
                logging:
                  format: "text"
                discovery:
                  type: "static"
                  static:
                    endpoints:
                """.formatted(port));
        servers.forEach(server -> yaml.append(endpoint(server)));
        return yaml.toString();
    }

    @Override
    public void close() {
        servers.forEach(SimulatedServer::close);
    }

    private static String endpoint(SimulatedServer server) {
        return """
                      - url: "%s"
                        name: "%s"
                        type: "%s"
                        priority: 100
                        check_interval: 2s
                        check_timeout: 1s
                """.formatted(server.uri(), server.name(), server.kind().type());
    }

    private static SimulatedServerBuilder paced(SimulatedServerBuilder server, Consumer<FinishedRequest> observer) {
        return server.timeToFirstToken(Duration.ofMillis(150))
                .tokensPerSecond(25)
                .tokens(30)
                .onFinished(observer);
    }
}
