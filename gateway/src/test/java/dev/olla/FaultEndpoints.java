package dev.olla;

/// YAML for endpoints that are probed at one server and used at another, so that only requests meet the fault.
final class FaultEndpoints {

    private FaultEndpoints() {}

    /// @param proxy further lines of `proxy`, in flow style
    static String config(String proxy, String... endpoints) {
        return "proxy: {" + proxy + "}\ndiscovery:\n  static:\n    endpoints:\n" + String.join("", endpoints);
    }

    /// @param probed the base URL of a server that is up and lists the model
    static String probedElsewhere(String name, String url, String type, int priority, String probed) {
        return "      - {url: \"" + url + "\", name: " + name + ", type: " + type + ", priority: " + priority
                + ", health_check_url: \"" + probed + "/health\", model_url: \"" + probed
                + "/v1/models\", check_interval: 1s, check_timeout: 500ms}\n";
    }

    static String endpoint(String name, String url, String type, int priority) {
        return "      - {url: \"" + url + "\", name: " + name + ", type: " + type + ", priority: " + priority
                + ", check_interval: 1s, check_timeout: 500ms}\n";
    }
}
