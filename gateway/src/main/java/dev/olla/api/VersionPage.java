package dev.olla.api;

import dev.olla.http.Exchange;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Tells which build this is and what it can do.
public final class VersionPage {

    private static final String HOME = "https://github.com/thushan/olla";

    /// Only what works: clients choose by it. Translation adds its words when it comes.
    private static final List<String> CAPABILITIES =
            List.of("load_balancing", "health_checking", "rate_limiting", "model_unification", "endpoint_discovery");

    private static final List<String> EXPERIMENTAL = List.of();

    private static final List<String> BACKENDS = List.of(
            "ollama",
            "lemonade",
            "litellm",
            "llamacpp",
            "lmdeploy",
            "lm_studio",
            "omlx",
            "sglang",
            "vllm",
            "vllm-mlx",
            "openai_compatible",
            "docker-model-runner");

    private static final Map<String, String> PATHS = new TreeMap<>(Map.of(
            "health", "/internal/health",
            "metrics", "/internal/metrics",
            "process", "/internal/process",
            "status", "/internal/status",
            "version", "/version"));

    private final Page page;

    public VersionPage(ServiceInfo service) {
        page = new Page(
                "Olla",
                service.version(),
                "Community",
                "One gateway in front of a mixed fleet of self-hosted inference servers",
                new Build(service.commit(), service.buildDate(), runtime(), platform()),
                CAPABILITIES,
                EXPERIMENTAL,
                BACKENDS,
                new Api("v1", PATHS),
                new Links(HOME, HOME + "#readme", HOME + "/releases/latest"));
    }

    public void handle(Exchange exchange) {
        Json.respond(exchange, page);
    }

    private static String runtime() {
        return "java " + System.getProperty("java.version");
    }

    /// The system and processor in the words that release files use, for instance `linux/amd64`.
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        String shortSystem = system.startsWith("mac") ? "darwin" : system.startsWith("windows") ? "windows" : system;
        return shortSystem + '/' + (processor.equals("aarch64") ? "arm64" : processor);
    }

    record Page(
            String name,
            String version,
            String edition,
            String description,
            Build build,
            List<String> capabilities,
            List<String> capabilitiesExperimental,
            List<String> supportedBackends,
            Api api,
            Links links) {}

    /// @param goVersion kept under the name that readers of the page look for; the Java runtime's version
    record Build(String commit, String date, String goVersion, String platform) {}

    record Api(String version, Map<String, String> endpoints) {}

    record Links(String homepage, String documentation, String releases) {}
}
