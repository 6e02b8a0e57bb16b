package dev.olla;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.testbed.SimulatedServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// The pages that count, after two good requests and one for a model that nobody has.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatisticsPagesTest {

    private final SimulatedServer server =
            SimulatedServer.vllm("quoted").model("Qwen/Qwen3-8B").start();
    private final TestGateway gateway = TestGateway.of(
            TestGateway.endpoints(server).replace("quoted", "'a\"b'") + "model_aliases: {quick: [Qwen/Qwen3-8B]}\n");

    @BeforeAll
    void ask() {
        for (String model : List.of("qwen/qwen3-8b", "quick", "nobody")) {
            gateway.post("/olla/proxy/v1/chat/completions", "{\"model\":\"" + model + "\",\"messages\":[]}");
        }
        Eventually.await(
                "both are counted",
                () -> gateway.json("/internal/stats/models")
                                .at("/summary/total_requests")
                                .asInt()
                        == 2);
    }

    @AfterAll
    void close() {
        gateway.close();
        server.close();
    }

    @Test
    void modelsWithEndpointsAndSummary() {
        JsonNode page = gateway.json("/internal/stats/models?include_endpoints=true&include_summary=true");
        assertThat(names(page)).containsExactlyInAnyOrder("timestamp", "models", "endpoints", "summary");
        JsonNode model = page.get("models").get(0);
        assertThat(names(model))
                .containsExactlyInAnyOrder(
                        "name",
                        "total_requests",
                        "successful_requests",
                        "failed_requests",
                        "success_rate",
                        "total_traffic",
                        "average_latency",
                        "p95_latency",
                        "p99_latency",
                        "last_requested",
                        "unique_clients",
                        "routing_hits",
                        "routing_misses",
                        "routing_fallbacks",
                        "input_tokens",
                        "output_tokens",
                        "endpoint_breakdown");
        assertThat(model.get("name").asString()).isEqualTo("qwen/qwen3-8b");
        assertThat(model.get("total_requests").asInt()).isEqualTo(2);
        assertThat(model.get("successful_requests").asInt()).isEqualTo(2);
        assertThat(model.get("failed_requests").asInt()).isZero();
        assertThat(model.get("success_rate").asString()).isEqualTo("100%");
        assertThat(model.get("total_traffic").asString()).matches("\\d+(\\.\\d\\d)? K?B");
        assertThat(model.get("p95_latency").asString()).matches("\\d+(\\.\\d)?m?s");
        assertThat(model.get("last_requested").asString()).endsWith(" ago");
        assertThat(model.get("unique_clients").asInt()).isEqualTo(1);
        assertThat(model.get("routing_hits").asInt()).isEqualTo(2);
        assertThat(model.get("routing_misses").asInt()).isZero();
        assertUse(model.get("endpoint_breakdown").get("a\"b"));
        assertUse(page.get("endpoints").get("a\"b"));
        JsonNode summary = page.get("summary");
        assertThat(names(summary))
                .containsExactlyInAnyOrder(
                        "total_models",
                        "active_models",
                        "total_requests",
                        "overall_success_rate",
                        "total_traffic",
                        "most_popular_model",
                        "least_popular_model");
        assertThat(summary.get("active_models").asInt()).isEqualTo(1);
        assertThat(summary.get("most_popular_model").asString()).isEqualTo("qwen/qwen3-8b");
    }

    @Test
    void tokensAreCountedByModelAndEndpoint() {
        JsonNode model = gateway.json("/internal/stats/models").get("models").get(0);
        long written = model.get("output_tokens").asLong();
        assertThat(written).isPositive();
        assertThat(model.get("input_tokens").asLong()).isPositive();
        String metrics = gateway.get("/internal/metrics").body();
        String labels = "{model=\"qwen/qwen3-8b\",endpoint=\"a\\\"b\",direction=";
        assertThat(metrics)
                .contains("# TYPE olla_tokens_total counter")
                .contains("olla_tokens_total" + labels + "\"output\"} " + written + "\n")
                .contains("olla_tokens_total" + labels + "\"input\"} "
                        + model.get("input_tokens").asLong() + "\n")
                .contains("olla_model_load_seconds_count{model=\"qwen/qwen3-8b\"} 0\n")
                .doesNotContain("model=\"nobody\"");
    }

    private static void assertUse(JsonNode use) {
        assertThat(names(use))
                .containsExactlyInAnyOrder(
                        "endpoint_name",
                        "request_count",
                        "success_rate",
                        "average_latency",
                        "last_used",
                        "consecutive_errors");
        assertThat(use.get("request_count").asInt()).isEqualTo(2);
        assertThat(use.get("success_rate").asDouble()).isEqualTo(100);
        assertThat(use.get("consecutive_errors").asInt()).isZero();
    }

    @Test
    void withoutTheParametersTheDetailsAreLeftOut() {
        JsonNode page = gateway.json("/internal/stats/models");
        assertThat(page.get("endpoints").isEmpty()).isTrue();
        assertThat(page.get("models").get(0).has("endpoint_breakdown")).isFalse();
        assertThat(page.get("summary").get("total_models").asInt()).isEqualTo(1);
    }

    @Test
    void translatorsAreNoneSoFar() {
        JsonNode page = gateway.json("/internal/stats/translators");
        assertThat(names(page)).containsExactlyInAnyOrder("timestamp", "translators", "summary");
        assertThat(page.get("translators").isEmpty()).isTrue();
        assertThat(page.get("summary").toString())
                .isEqualTo("{\"total_translators\":0,\"active_translators\":0,\"total_requests\":0,"
                        + "\"overall_success_rate\":\"0%\",\"total_passthrough\":0,\"total_translations\":0,"
                        + "\"overall_passthrough_rate\":\"0%\",\"total_streaming\":0,\"total_non_streaming\":0}");
    }

    @Test
    void theProcessIsShownUnderTheNamesThatReadersKnow() {
        System.gc();
        JsonNode page = gateway.json("/internal/process");
        assertThat(names(page))
                .containsExactlyInAnyOrder(
                        "timestamp", "memory", "garbage_collection", "goroutines", "runtime", "allocations");
        assertThat(names(page.get("memory")))
                .containsExactlyInAnyOrder(
                        "heap_alloc",
                        "heap_sys",
                        "heap_inuse",
                        "heap_released",
                        "stack_inuse",
                        "total_alloc",
                        "memory_pressure");
        page.get("memory")
                .forEach(value -> assertThat(value.asString()).matches("\\d+ B|\\d+\\.\\d\\d [KMGT]B|LOW|MEDIUM|HIGH"));
        JsonNode collection = page.get("garbage_collection");
        assertThat(names(collection))
                .containsExactlyInAnyOrder(
                        "last_gc", "total_gc_time", "avg_gc_pause", "gc_cpu_fraction", "num_gc_cycles");
        assertThat(collection.get("num_gc_cycles").asInt()).isPositive();
        assertThat(collection.get("last_gc").asString()).startsWith("20");
        assertThat(collection.get("total_gc_time").asString()).matches("[\\d.]+ms|(\\d+h)?(\\d+m)?\\d+s");
        assertThat(page.get("goroutines").get("health_status").asString()).isIn("HEALTHY", "NORMAL", "ELEVATED");
        assertThat(page.get("goroutines").get("count").asInt()).isPositive();
        assertThat(page.get("runtime").get("go_version").asString()).startsWith("java ");
        assertThat(page.get("runtime").get("num_cpu").asInt()).isPositive();
        assertThat(page.get("runtime").get("gomaxprocs").asInt()).isPositive();
        assertThat(page.get("runtime").get("uptime").asString()).matches("[\\d.]+ms|(\\d+h)?(\\d+m)?\\d+s");
        assertThat(names(page.get("allocations")))
                .containsExactlyInAnyOrder("total_mallocs", "total_frees", "net_objects");
    }

    @Test
    void metricsAreInTheFormatOfPrometheus() {
        HttpResponse<String> answer = gateway.get("/internal/metrics");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        Map<String, PrometheusText.Metric> metrics =
                PrometheusText.parse(answer.body()).metrics();
        assertThat(metrics.keySet()).containsExactlyInAnyOrderElementsOf(everyMetric());
        metrics.forEach((name, metric) -> {
            assertThat(metric.type()).as(name).isEqualTo(type(name));
            assertThat(metric.samples())
                    .as(name)
                    .hasSizeGreaterThanOrEqualTo(mayHaveNone(name) ? 0 : 1)
                    .allSatisfy(sample ->
                            assertThat(sample.labels().keySet()).as(name).containsExactly(labels(name)));
        });
    }

    private static String type(String name) {
        if (name.equals("olla_queue_wait_seconds")) {
            return "histogram";
        }
        if (name.equals("olla_model_load_seconds")) {
            return "summary";
        }
        return isCounter(name) ? "counter" : "gauge";
    }

    /// Of what has not happened yet.
    private static boolean mayHaveNone(String name) {
        return name.startsWith("olla_queue_")
                || name.startsWith("olla_tokens_")
                || name.startsWith("olla_translator_")
                || name.equals("olla_model_load_seconds");
    }

    private static boolean isCounter(String name) {
        return name.matches(
                "olla_(requests|failures|tokens|queue_rejected|translator_failures|security_.*violations|.*_requests|model_routing_[a-z]+)_total"
                        + "|olla_(endpoint|models|model)_traffic_bytes");
    }

    private static String[] labels(String name) {
        if (name.equals("olla_info")) {
            return new String[] {"version", "commit", "engine", "profile", "balancer"};
        }
        if (name.equals("olla_queue_rejected_total")) {
            return new String[] {"reason"};
        }
        if (name.equals("olla_translator_requests_total")) {
            return new String[] {"translator", "mode"};
        }
        if (name.equals("olla_translator_failures_total")) {
            return new String[] {"translator"};
        }
        if (name.equals("olla_queue_waiting")) {
            return new String[] {"model"};
        }
        if (name.equals("olla_tokens_total")) {
            return new String[] {"model", "endpoint", "direction"};
        }
        if (name.equals("olla_endpoint_up")) {
            return new String[] {"endpoint", "status"};
        }
        if (name.startsWith("olla_endpoint_")) {
            return new String[] {"endpoint"};
        }
        if (name.startsWith("olla_model_endpoint_")) {
            return new String[] {"model", "endpoint"};
        }
        return name.startsWith("olla_model_") ? new String[] {"model"} : new String[0];
    }

    @Test
    void whatIsUpIsWhatTheStatusPageCallsRoutable() {
        PrometheusText metrics =
                PrometheusText.parse(gateway.get("/internal/metrics").body());
        PrometheusText.Sample up = metrics.metric("olla_endpoint_up").samples().getFirst();
        JsonNode page = gateway.json("/internal/status/endpoints");
        assertThat(up.labels())
                .containsEntry("endpoint", page.at("/endpoints/0/name").asString())
                .containsEntry("status", page.at("/endpoints/0/status").asString());
        assertThat(up.value()).isEqualTo(page.get("routable_count").asInt());
    }

    @Test
    void metricsTellWhatThePagesTell() {
        String metrics = gateway.get("/internal/metrics").body();
        assertThat(metrics.lines())
                .contains(
                        "olla_requests_total 2",
                        "olla_failures_total 0",
                        "olla_success_rate_percent 100",
                        "olla_system_status 2",
                        "olla_security_status 1",
                        "olla_endpoints_total 1",
                        "olla_endpoints_healthy 1",
                        "olla_endpoint_up{endpoint=\"a\\\"b\",status=\"healthy\"} 1",
                        "olla_endpoint_requests_total{endpoint=\"a\\\"b\"} 2",
                        "olla_endpoint_priority{endpoint=\"a\\\"b\"} 100",
                        "olla_endpoint_models_count{endpoint=\"a\\\"b\"} 1",
                        "olla_models_total 1",
                        "olla_models_active 1",
                        "olla_model_requests_total{model=\"qwen/qwen3-8b\"} 2",
                        "olla_model_routing_hits_total{model=\"qwen/qwen3-8b\"} 2",
                        "olla_model_unique_clients{model=\"qwen/qwen3-8b\"} 1",
                        "olla_model_endpoint_requests_total{model=\"qwen/qwen3-8b\",endpoint=\"a\\\"b\"} 2",
                        "# TYPE olla_model_requests_total counter",
                        "# TYPE olla_endpoint_up gauge");
        assertThat(metrics).contains("olla_info{version=\"").contains(",balancer=\"least-connections\"} 1");
    }

    private static List<String> everyMetric() {
        List<String> names = new ArrayList<>();
        String all = "info system_status endpoints_total endpoints_healthy success_rate_percent avg_latency_ms"
                + " total_traffic_bytes uptime_seconds active_connections security_blocked_ips security_status"
                + " translator_requests_total translator_failures_total"
                + " requests_total failures_total security_violations_total security_rate_limit_violations_total"
                + " security_size_limit_violations_total endpoint_up endpoint_requests_total endpoint_connections"
                + " endpoint_success_rate_percent endpoint_avg_latency_ms endpoint_traffic_bytes endpoint_priority"
                + " endpoint_models_count models_total models_active models_requests_total"
                + " models_success_rate_percent models_traffic_bytes model_requests_total"
                + " model_successful_requests_total model_failed_requests_total model_success_rate_percent"
                + " model_traffic_bytes model_avg_latency_ms model_p95_latency_ms model_p99_latency_ms"
                + " model_unique_clients model_routing_hits_total model_routing_misses_total"
                + " model_routing_fallbacks_total model_endpoint_requests_total model_endpoint_success_rate_percent"
                + " model_endpoint_avg_latency_ms model_endpoint_consecutive_errors tokens_total model_load_seconds"
                + " queue_waiting queue_wait_seconds queue_rejected_total";
        for (String name : all.split(" ", -1)) {
            names.add("olla_" + name);
        }
        return names;
    }

    private static List<String> names(JsonNode node) {
        return List.copyOf(node.propertyNames());
    }
}
