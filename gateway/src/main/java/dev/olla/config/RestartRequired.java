package dev.olla.config;

import java.util.ArrayList;
import java.util.List;

/// Which changes a running gateway can't take over.
public final class RestartRequired {

    private RestartRequired() {}

    /// The paths of such changes; empty when there are none.
    public static List<String> of(Config before, Config after) {
        List<String> paths = new ArrayList<>();
        if (!before.server().host().equals(after.server().host())) {
            paths.add("server.host");
        }
        if (before.server().port() != after.server().port()) {
            paths.add("server.port");
        }
        return paths;
    }
}
