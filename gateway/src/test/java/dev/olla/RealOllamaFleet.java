package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Two real Ollamas of different age that share one model, and a gateway before them.
final class RealOllamaFleet implements AutoCloseable {

    /// The newer one.
    static final String A = "ollama-a";

    /// The older one.
    static final String B = "ollama-b";

    /// The model that both hold.
    static final String SHARED = "llama3.2";

    static final String ONLY_A = "mistral:7b";
    static final String ONLY_B = "only-b:1b";

    static final Set<String> BOTH = Set.of(A, B);

    /// The routes that lead to Ollamas.
    static final List<String> FAMILIES = List.of("/olla/ollama", "/olla/openai", "/olla/proxy");

    /// The balancer takes turns, so two would do.
    private static final int TURNS = 6;

    /// What is never the same twice.
    private static final Pattern VOLATILE = Pattern.compile("(\"(?:created_at|expires_at)\":)\"[^\"]*\""
            + "|(\"(?:total|load|prompt_eval|eval)_duration\":)\\d+"
            + "|(\"created\":)\\d+"
            + "|(\"id\":)\"(?:chatcmpl|cmpl)-\\d+\"");

    /// What comes in another order each time: a model's parameters.
    private static final Pattern UNORDERED =
            Pattern.compile("(?<=\"parameters\":\")[^\"]*|(?:PARAMETER \\w+ \\w+\\\\n)+");

    private static final List<String> MODELS_OF_A = List.of(SHARED, ONLY_A, "nomic-embed-text");
    private static final List<String> MODELS_OF_B = List.of(SHARED, ONLY_B);

    private final RealOllamaPlace place = Objects.requireNonNull(RealOllamaPlace.find());
    private final RealOllamaServer a;
    private RealOllamaServer b;
    private final TestGateway gateway;

    RealOllamaFleet() {
        a = start(place.releases().getFirst(), FaultListener.closedPort(), MODELS_OF_A);
        try {
            b = startB(FaultListener.closedPort());
        } catch (RuntimeException | Error e) {
            a.close();
            throw e;
        }
        gateway = TestGateway.of("""
                proxy:
                  residency:
                    prefer: false # turns are taken, whoever has the model loaded
                discovery:
                  model_discovery:
                    interval: 1s
                  static:
                    endpoints:
                """
                + TestGateway.endpoint(A, a.url(), "ollama").indent(2)
                + TestGateway.endpoint(B, b.url(), "ollama").indent(2));
    }

    private RealOllamaServer startB(int port) {
        return start(place.releases().getLast(), port, MODELS_OF_B);
    }

    private RealOllamaServer start(String release, int port, List<String> models) {
        RealOllamaServer server = place.start(release, port, models);
        models.forEach(server::useOneThread);
        return server;
    }

    TestGateway gateway() {
        return gateway;
    }

    /// Ends the older one as a crash does.
    void killB() {
        b.kill();
    }

    /// Starts the older one again, where it was.
    void restartB() {
        b = startB(b.port());
    }

    HttpResponse<String> ask(String method, String path, @Nullable String body) {
        return gateway.send(request(gateway.uri(path), method, body));
    }

    HttpResponse<String> askDirectly(String endpoint, String method, String path, @Nullable String body) {
        return gateway.send(request(URI.create((endpoint.equals(A) ? a : b).url() + path), method, body));
    }

    private static HttpRequest.Builder request(URI uri, String method, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return body == null ? request : request.header("Content-Type", "application/json");
    }

    /// Asks through the gateway until each of the holders has answered, and compares every answer with the one that
    /// the same server gives without the gateway.
    void assertSameAsDirect(Set<String> holders, String family, String method, String path, @Nullable String body) {
        Set<String> answered = new TreeSet<>();
        for (int turn = 0; turn < TURNS && !answered.equals(holders); turn++) {
            HttpResponse<String> answer = ask(method, family + path, body);
            String endpoint = answer.headers().firstValue("X-Olla-Endpoint").orElse("the gateway itself");
            assertThat(holders).as(answer.body()).contains(endpoint);
            answered.add(endpoint);
            assertSame(answer, askDirectly(endpoint, method, path, body));
        }
        assertThat(answered).isEqualTo(holders);
    }

    private static void assertSame(HttpResponse<String> answer, HttpResponse<String> direct) {
        assertThat(masked(answer)).containsExactlyElementsOf(masked(direct));
        assertThat(answer.statusCode()).isEqualTo(direct.statusCode());
        Map<String, List<String>> headers = answer.headers().map();
        direct.headers().map().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            assertThat(headers).containsKey(lower);
            if (!lower.equals("date") && !lower.equals("content-length")) {
                assertThat(headers).containsEntry(lower, values);
            }
        });
    }

    /// The lines of the body, with something fixed for times and ids, and the parameters of models in order.
    private static List<String> masked(HttpResponse<String> answer) {
        return Arrays.asList(masked(answer.body()).split("\n", -1));
    }

    private static String masked(String body) {
        String fixed = VOLATILE.matcher(body).replaceAll("$1$2$3$4#");
        return UNORDERED
                .matcher(fixed)
                .replaceAll(match ->
                        Stream.of(match.group().split("\\\\n", -1)).sorted().collect(Collectors.joining(" ")));
    }

    @Override
    public void close() {
        try {
            gateway.close();
        } finally {
            closeServers();
        }
    }

    private void closeServers() {
        try {
            a.close();
        } finally {
            b.close();
        }
    }
}
