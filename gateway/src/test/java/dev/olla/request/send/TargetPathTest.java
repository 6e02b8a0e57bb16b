package dev.olla.request.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointStatus;
import dev.olla.request.SampleFleet;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetPathTest {

    @ParameterizedTest
    @CsvSource({
        "/v1/models, /v1/models",
        "/, /",
        "/a/./b, /a/b",
        "/a/../b, /b",
        "/a/b/.., /a/",
        "/a/b/., /a/b/",
        "/../../b, /b",
        "/.., /",
        "/%2e%2e/b, /b",
        "/a/%2E./b, /b",
        "/a/.%2e/b, /b",
        "/a/%2e/b, /a/b",
        "/a%2Fb, /a%2Fb",
        "/a%20b/é, /a%20b/é",
        "/a/.../b, /a/.../b",
        "/a/..b/.c, /a/..b/.c",
        "/a/%2e%2e%2e/b, /a/%2e%2e%2e/b",
        "/models/Qwen%2FQwen3.5, /models/Qwen%2FQwen3.5",
        "/a/%252e%252e/b, /a/%252e%252e/b",
        "//a//b, //a//b",
        "/a/..%2f..%2fb, /b",
        "/a/b%2F..%2Fc, /a/c",
        "/a/%2e%2e%5c..%5Cb, /b",
        "/x%2F.%2Fy%2Fz, /x/y/z",
    })
    void dotSegmentsAreResolvedAndOtherEncodingStays(String path, String resolved) {
        assertThat(TargetPath.resolved(path)).isEqualTo(resolved);
    }

    @ParameterizedTest
    @CsvSource({
        "false, /v1/models, /v1/models",
        "true, /v1/models, /base/v1/models",
        "true, /, /base/",
    })
    void theBasePathIsKeptOnlyWhereThatIsConfigured(boolean preserve, String path, String target) {
        assertThat(TargetPath.on(endpoint(preserve), path)).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../admin",
                "/../../admin",
                "/%2e%2e/admin",
                "/%2E%2E/%2e%2e/admin",
                "/.%2e/admin",
                "/x/../../admin",
                "/..%2fadmin",
                "/..%2F..%2Fadmin",
                "/x%2f..%2f..%2fadmin",
                "/%2e%2e%2fadmin",
                "/..%5cadmin",
                "/..\\admin",
                "/..",
                "/%2e%2e",
                "/./../admin"
            })
    void nothingLeavesTheBasePathHoweverItIsSpelled(String path) {
        String target = TargetPath.on(endpoint(true), path);
        assertThat(target).startsWith("/base/");
        String asLenientServersReadIt = target.toLowerCase(java.util.Locale.ROOT)
                .replace("%2e", ".")
                .replace("%2f", "/")
                .replace("%5c", "/")
                .replace("\\", "/");
        assertThat(URI.create(asLenientServersReadIt).normalize().getPath()).startsWith("/base/");
    }

    private static Endpoint endpoint(boolean preservePath) {
        return new SampleFleet()
                .with(
                        SampleFleet.settings(URI.create("http://h:1/base/"), "e", "vllm", 100, preservePath, Map.of()),
                        EndpointStatus.HEALTHY)
                .endpoint("e");
    }
}
