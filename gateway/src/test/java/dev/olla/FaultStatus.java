package dev.olla;

import tools.jackson.databind.JsonNode;

/// What `/internal/status/endpoints` tells.
final class FaultStatus {

    private FaultStatus() {}

    static JsonNode endpoint(TestGateway gateway, String name) {
        for (JsonNode endpoint : gateway.json("/internal/status/endpoints").get("endpoints")) {
            if (endpoint.get("name").asString().equals(name)) {
                return endpoint;
            }
        }
        throw new AssertionError("no endpoint is called " + name);
    }

    static String of(TestGateway gateway, String endpoint) {
        return endpoint(gateway, endpoint).get("status").asString();
    }

    static void await(TestGateway gateway, String endpoint, String status) {
        Eventually.await(endpoint + " is " + status, () -> of(gateway, endpoint).equals(status));
    }

    static int inFlight(TestGateway gateway, String endpoint) {
        return endpoint(gateway, endpoint).get("active_connections").asInt();
    }

    static void awaitIdle(TestGateway gateway, String endpoint) {
        Eventually.await("nothing is in flight at " + endpoint, () -> inFlight(gateway, endpoint) == 0);
    }
}
