package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.EndpointSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The servers of a configuration and which kinds of them are served.
final class ConfigEndpointsTest extends ConfigLoading {

    @Test
    void everyEndpointKeyIsRead() throws IOException {
        environment.put("TOKEN", "t0ken");
        write("config.yaml", """
                discovery:
                  static:
                    endpoints:
                      - url: https://gpu.example:8443/base/
                        name: gpu
                        type: lmstudio
                        priority: 0
                        health_check_url: /up
                        model_url: http://other:1/models
                        check_interval: 10s
                        check_timeout: 9s
                        preserve_path: yes
                        model_filter: {include: ["llama*"], exclude: ["*embed*"]}
                        headers:
                          X-Key: "k-${TOKEN}-${MISSING:-none}-${}"
                          X-Number: 0123
                """);
        assertThat(loaded().endpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.url()).isEqualTo(URI.create("https://gpu.example:8443/base/"));
            assertThat(endpoint.type()).isEqualTo("lmstudio");
            assertThat(endpoint.priority()).isZero();
            assertThat(endpoint.healthCheckUrl()).isEqualTo("/up");
            assertThat(endpoint.modelUrl()).isEqualTo("http://other:1/models");
            assertThat(endpoint.checkInterval()).hasSeconds(10);
            assertThat(endpoint.checkTimeout()).hasSeconds(9);
            assertThat(endpoint.preservePath()).isTrue();
            assertThat(endpoint.modelFilter().include()).containsExactly("llama*");
            assertThat(endpoint.modelFilter().exclude()).containsExactly("*embed*");
            assertThat(endpoint.headers()).isEqualTo(Map.of("X-Key", "k-t0ken-none-${}", "X-Number", "0123"));
        });
    }

    @Test
    void anEndpointNeedsOnlyNameAndUrl() throws IOException {
        write("config.yaml", "discovery: {static: {endpoints: [{url: 'http://gpu:1', name: gpu}]}}");
        assertThat(loaded().endpoints().getFirst())
                .isEqualTo(EndpointSettings.of("gpu", URI.create("http://gpu:1"), "auto"));
    }

    @ParameterizedTest
    @CsvSource({"2s, PT1S", "1s, PT0.5S", "10s, PT2S", "0s, PT2S"})
    void aCheckIntervalAloneIsEnough(String interval, Duration timeout) throws IOException {
        write("config.yaml", ENDPOINT + "        check_interval: " + interval + "\n");
        assertThat(loaded().endpoints().getFirst().checkTimeout()).isEqualTo(timeout);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "priority: -1| priority: -1 is not allowed: 0 is the least",
                "priority: high| priority: high is no whole number",
                "check_interval: 500ms| check_interval: 500ms is not allowed: 1s is the least",
                "check_interval: -5s| check_interval: -5s is not allowed: a duration can't be negative",
                "check_timeout: 5s| check_timeout: 5s is not allowed: it must be below check_interval, which is 5s",
                "check_timeout: -1s| check_timeout: -1s is not allowed: a duration can't be negative",
                "model_filter: {include: ['']}| model_filter.include: a pattern must not be blank",
                "model_filter: {exclude: 'a*'}| model_filter.exclude: a list is expected, such as [a, b]",
                "model_filter: 'a*'| model_filter: expected keys below it, each with a colon",
                "health_check_url: 'http://u:s3cret@h/'| health_check_url: credentials don't belong into a URL",
                "health_check_url: 'ftp://h/'| health_check_url: ftp://h/ is not allowed: only http and https can be used",
                "model_url: 'a b'| model_url: this is neither a path, such as /health, nor a URL",
                "headers: {A: \"${NOPE} ${NADA}\"}| headers: these variables are not set: NADA, NOPE",
                "headers: {'s3cret name': x}| headers: a name here is no header name",
                "headers: {A: \"s3cret\\nB: x\"}| headers: a value must be one line",
                "headers: {A: [s3cret]}| headers: every value must be a text",
                "headers: [s3cret]| headers: expected keys below it, each with a colon",
                "headers: {A: \"s3cret ✓\"}| headers: a value holds a character that no header can carry",
                "headers: {A: s3cret, a: s3cret}| headers: a header is written twice, first on line 7",
                "model_url: 'http://s3cret@h/'| model_url: credentials don't belong into a URL",
                "model_url: 's3cret:s3cret@h/x'| model_url: credentials don't belong into a URL",
                "health_check_url: '//s3cret@h/x'| health_check_url: credentials don't belong into a URL",
            })
    void aMistakeInAnEndpointIsNamedWithItsLine(String line, String message) throws IOException {
        write("config.yaml", ENDPOINT + "        " + line + "\n");
        assertThat(errors())
                .singleElement()
                .asString()
                .startsWith("config.yaml:7: discovery.static.endpoints[0]." + message)
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''| an endpoint needs the URL of its server, such as http://localhost:11434",
                "~| an endpoint needs the URL of its server, such as http://localhost:11434",
                "gpu:8000| gpu:8000 is not allowed: it must start with http://",
                "/path| /path is not allowed: it must start with http://",
                "ftp://gpu| ftp://gpu is not allowed: only http and https can be used",
                "'http://'| this is no URL: write one such as http://localhost:11434",
                "'http:///x'| http:///x is not allowed: it names no host",
                "'http://:80'| http://:80 is not allowed: it names no host",
                "http://gpu:99999| http://gpu:99999 is not allowed: a port is 1 to 65535",
                "http://gpu:0| http://gpu:0 is not allowed: a port is 1 to 65535",
                "http://a_b:1| fine",
                "http://a*b:1| http://a*b:1 is not allowed: a host has letters",
                "http://gpu/?key=s3cret| fine",
                "ftp://gpu/?key=s3cret| ftp://gpu/ is not allowed: only http and https can be used",
                "http://u:s3cret@gpu| credentials don't belong into a URL",
                "http://u:s3^c r3t@gpu| credentials don't belong into a URL",
                "http://u:pa/s3cret@gpu| http://u:pa",
                "http://u:s3cret| this value is not allowed: a host has",
                "http://u:s3cret%40gpu| this value is not allowed: a host has",
                "s3cret@gpu| this value is not allowed: it must start with http://",
            })
    void aUrlMustNameAServer(String url, String message) throws IOException {
        write("config.yaml", "discovery:\n  static:\n    endpoints:\n      - name: gpu\n        url: " + url + "\n");
        if (message.equals("fine")) {
            assertThat(loaded().endpoints()).hasSize(1);
            return;
        }
        assertThat(errors())
                .singleElement()
                .asString()
                .startsWith("config.yaml:5: discovery.static.endpoints[0].url: ")
                .doesNotContain("s3cret", "s3^c");
        if (!message.startsWith("http://u:pa")) {
            assertThat(errors().getFirst()).contains(message);
        }
    }

    @Test
    void credentialsInAUrlAreAnsweredWithWhatToWrite() throws IOException {
        write("config.yaml", "discovery: {static: {endpoints: [{name: a, url: 'http://bob:s3cret@gpu'}]}}");
        assertThat(errors().getFirst())
                .endsWith("write, beside url, auth: {type: basic, username: \"${OLLA_USERNAME}\","
                        + " password: \"${OLLA_PASSWORD}\"}");
        write("config.yaml", "discovery: {static: {endpoints: [{name: a, url: 'http://s3cret@gpu'}]}}");
        assertThat(errors().getFirst())
                .endsWith(" or, if it is a token, auth: {type: bearer, token: \"${OLLA_TOKEN}\"}");
    }

    @Test
    void namesAndUrlsAreUniqueAndNamesRequired() throws IOException {
        write("config.yaml", """
                discovery:
                  static:
                    endpoints:
                      - {url: "http://a:1?s3cret", name: a}
                      - {url: "http://a:1?s3cret", name: b}
                      - {url: "http://c:1", name: a}
                      - {url: "http://d:1"}
                      - {name: e}
                """);
        String at = ": discovery.static.endpoints";
        assertThat(errors())
                .containsExactly(
                        "config.yaml:5" + at + "[1].url: http://a:1 is taken by the endpoint on line 4",
                        "config.yaml:6" + at + "[2].name: a is taken by the endpoint on line 4",
                        "config.yaml:7" + at + "[3].name: an endpoint needs a name of its own",
                        "config.yaml:8" + at
                                + "[4].url: an endpoint needs the URL of its server, such as http://localhost:11434");
    }

    @Test
    void anUnknownTypeIsAnsweredWithAllTypes() throws IOException {
        write("config.yaml", ENDPOINT.replace("vllm", "olama"));
        assertThat(errors())
                .containsExactly("config.yaml:6: discovery.static.endpoints[0].type: olama is not allowed: one of"
                        + " docker-model-runner, lemonade, litellm, llamacpp, lm-studio, lmdeploy, ollama, omlx,"
                        + " openai-compatible, sglang, vllm, vllm-mlx, auto; did you mean ollama?");
    }

    @Test
    void aHeaderThatFramesTheMessageHasNoEffect() throws IOException {
        write("config.yaml", ENDPOINT + "        headers: {Content-Length: s3cret, A: b}\n");
        assertThat(loaded().endpoints().getFirst().headers()).isEqualTo(Map.of("A", "b"));
        assertThat(warnings()).singleElement().asString().doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "include: []| ollama vllm lm-studio",
                "include: ['*']| ollama vllm lm-studio",
                "include: [ollama, 'v*']| ollama vllm",
                "exclude: ['*llm*']| ollama lm-studio",
                "include: ['??-studio']| lm-studio",
                "include: ['OLLAMA', vllm], exclude: [vllm]| ollama",
            })
    void profilesThatAreFilteredOutAreNotServed(String filter, String served) throws IOException {
        write("config.yaml", "proxy: {profile_filter: {" + filter + "}}\ndiscovery: {static: {endpoints: []}}\n");
        Profiles profiles = loaded().profiles();
        for (String name : List.of("ollama", "vllm", "lm-studio")) {
            boolean wanted = List.of(served.split(" ")).contains(name);
            assertThat(profiles.byName().containsKey(name)).as(name).isEqualTo(wanted);
        }
        assertThat(profiles.byType("auto")).isNotNull();
    }

    @Test
    void anEndpointOfAKindThatIsFilteredOutIsAMistake() throws IOException {
        write("config.yaml", "proxy: {profile_filter: {exclude: [vllm]}}\n" + ENDPOINT);
        assertThat(errors())
                .containsExactly("config.yaml:7: discovery.static.endpoints[0].type: vllm is not allowed:"
                        + " proxy.profile_filter leaves it out");
        write("config.yaml", "proxy: {profile_filter: {include: [vllm]}}\n" + ENDPOINT.replace("vllm", "auto"));
        assertThat(loaded().endpoints()).hasSize(1);
    }

    @Test
    void aPlaceWithoutAValueIsReportedOnce() throws IOException {
        write("config.yaml", "discovery: {static: {endpoints: [5, {url: [1], name: {a: 1}}]}}");
        assertThat(problems())
                .containsExactly(
                        "config.yaml:1: discovery.static.endpoints[0]: expected keys below it, each with a colon",
                        "config.yaml:1: discovery.static.endpoints[1].url: one value is expected here, of type text",
                        "config.yaml:1: discovery.static.endpoints[1].name: one value is expected here, of type text");
    }

    @Test
    void aFilterWithAMistakeHidesNoOtherMistake() throws IOException {
        write("config.yaml", "proxy: {profile_filter: {include: ['']}}\n" + ENDPOINT.replace("vllm", "vlm"));
        assertThat(problems()).noneMatch(problem -> problem.contains("one of , auto"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "headers: {X-A: 's3cret ${A-x}'}",
                "headers: {X-A: 's3cret ${A:-${B}}'}",
                "headers: {X-A: '${} s3cret'}",
                "auth: {type: bearer, token: 's3cret${A-x}'}",
            })
    void whatOnlyLooksLikeAVariableIsAWarning(String line) throws IOException {
        write("config.yaml", ENDPOINT + "        " + line + "\n");
        assertThat(warnings())
                .singleElement()
                .asString()
                .startsWith("config.yaml:7: discovery.static.endpoints[0].")
                .endsWith(SecretText.LITERAL)
                .doesNotContain("s3cret");
    }

    @Test
    void variablesAndTheirOtherTextsAreNoOddity() throws IOException {
        environment.put("A", "has ${ in it");
        write("config.yaml", ENDPOINT + "        headers: {X-A: '${A} ${B:-x} $C {D}'}\n");
        assertThat(loaded().problems()).isEmpty();
        assertThat(loaded().endpoints().getFirst().headers()).containsEntry("X-A", "has ${ in it x $C {D}");
    }
}
