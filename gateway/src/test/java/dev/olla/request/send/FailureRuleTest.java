package dev.olla.request.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Body;
import dev.olla.http.Headers;
import dev.olla.http.RequestHead;
import dev.olla.http.UpstreamFailure.Kind;
import dev.olla.telemetry.RequestOutcome.Result;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailureRuleTest {

    @ParameterizedTest
    @CsvSource({
        // kind, GET, POST, POST that changes a server, marks offline, status, code, result
        "UNKNOWN_HOST, true, true, true, true, 502, bad_gateway, FAILED",
        "REFUSED, true, true, true, true, 502, bad_gateway, FAILED",
        "UNREACHABLE, true, true, true, true, 502, bad_gateway, FAILED",
        "CONNECT_TIMEOUT, true, true, true, false, 504, upstream_timeout, TIMEOUT",
        "TLS_TIMEOUT, true, true, true, false, 504, upstream_timeout, TIMEOUT",
        "TLS_FAILED, true, true, true, false, 502, bad_gateway, FAILED",
        "RESET, true, true, false, true, 502, bad_gateway, FAILED",
        "CLOSED, true, true, false, false, 502, bad_gateway, FAILED",
        "HEAD_TIMEOUT, true, false, false, false, 504, upstream_timeout, TIMEOUT",
        "MALFORMED, false, false, false, false, 502, bad_gateway, BACKEND_ERROR",
        "TRUNCATED, false, false, false, false, 502, bad_gateway, TRUNCATED",
        "READ_TIMEOUT, false, false, false, false, 504, upstream_timeout, TIMEOUT",
        "TOTAL_TIMEOUT, false, false, false, false, 504, upstream_timeout, TIMEOUT",
    })
    void whatFollowsFromEachFailure(
            Kind kind,
            boolean getIsRetried,
            boolean postIsRetried,
            boolean changeIsRetried,
            boolean marksOffline,
            int status,
            String code,
            Result result) {
        FailureRule rule = FailureRule.of(kind);
        assertThat(rule.allowsRetry(request("GET", true))).isEqualTo(getIsRetried);
        assertThat(rule.allowsRetry(request("POST", true))).isEqualTo(postIsRetried);
        assertThat(rule.allowsRetry(request("POST", false))).isEqualTo(changeIsRetried);
        assertThat(rule.unreachable()).isEqualTo(marksOffline);
        assertThat(rule.status()).isEqualTo(status);
        assertThat(rule.code()).isEqualTo(code);
        assertThat(rule.result()).isEqualTo(result);
    }

    @ParameterizedTest
    @EnumSource
    void retriesAfterTimeoutsDrawOnTheBudget(Kind kind) {
        assertThat(FailureRule.of(kind).drawsOnBudget()).isEqualTo(kind.name().endsWith("_TIMEOUT"));
    }

    @ParameterizedTest
    @EnumSource
    void everyFailureHasARule(Kind kind) {
        assertThat(FailureRule.of(kind).status()).isBetween(500, 599);
    }

    @Test
    void safeMethodsAreThoseOfTheStandard() {
        FailureRule rule = FailureRule.of(Kind.HEAD_TIMEOUT);
        assertThat(rule.allowsRetry(request("HEAD", true))).isTrue();
        assertThat(rule.allowsRetry(request("OPTIONS", true))).isTrue();
        assertThat(rule.allowsRetry(request("PUT", true))).isFalse();
        assertThat(rule.allowsRetry(request("DELETE", true))).isFalse();
        assertThat(rule.allowsRetry(request("PATCH", true))).isFalse();
        assertThat(rule.allowsRetry(request("get", true))).isFalse();
    }

    private static Outgoing request(String method, boolean repeatable) {
        return new Outgoing(
                "id",
                new RequestHead(method, "/", 1, new Headers()),
                InetSocketAddress.createUnresolved("client", 1),
                "/",
                Body.empty(),
                null,
                -1,
                -1,
                new RequestLimits(ProxySettings.DEFAULTS).of(false),
                repeatable);
    }
}
