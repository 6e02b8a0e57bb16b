package dev.olla.config;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The environment as the configuration sees it; an empty variable counts as unset.
final class Variables {

    /// The variables that stand for a key and win over the file.
    static final Map<String, String> KEYS = keys();

    /// The variables that are read elsewhere, before or without the file.
    static final Set<String> OTHERS = Set.of(
            "OLLA_AOT",
            "OLLA_CONFIG_DIR",
            "OLLA_CONFIG_FILE",
            "OLLA_ENABLE_PROFILER",
            "OLLA_FILE_OUTPUT",
            "OLLA_FORCE_COLORS",
            "OLLA_JAVA_OPTS",
            "OLLA_LOG_DIR",
            "OLLA_LOG_LEVEL",
            "OLLA_LOG_MAX_AGE_DAYS",
            "OLLA_LOG_MAX_BACKUPS",
            "OLLA_LOG_SIZE_MB",
            "OLLA_PRETTY_LOGS",
            "OLLA_SHOW_VERSION",
            "OLLA_THEME");

    private final Map<String, String> environment;
    private final Map<String, String> variables = new HashMap<>();

    Variables(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        KEYS.forEach((variable, path) -> variables.put(path, variable));
    }

    /// The variable as it is, even if empty; null if unset.
    @Nullable
    String raw(String name) {
        return environment.get(name);
    }

    /// The variable if it is set and not empty.
    @Nullable
    String get(String name) {
        String text = environment.get(name);
        return text == null || text.isEmpty() ? null : text;
    }

    /// What a variable says of a key; null if no variable stands for it or it is unset.
    @Nullable
    Value valueOf(String path) {
        String variable = variables.get(path);
        String text = variable == null ? null : get(variable);
        return text == null ? null : new Value(text, false, 0, variable);
    }

    /// Whether a variable is set for a key below the section.
    @Nullable
    String anyBelow(String section) {
        for (Map.Entry<String, String> entry : KEYS.entrySet()) {
            boolean below = entry.getValue().equals(section) || entry.getValue().startsWith(section + ".");
            if (below && get(entry.getKey()) != null) {
                return entry.getKey();
            }
        }
        return null;
    }

    /// Warns of each `OLLA_` variable that looks like a misspelt one. Others are the user's own.
    void reportMisspelt(Reading reading) {
        for (String name : environment.keySet().stream().sorted().toList()) {
            if (!name.startsWith("OLLA_") || KEYS.containsKey(name) || OTHERS.contains(name)) {
                continue;
            }
            String near = NearestName.of(name, KEYS.keySet());
            if (near != null) {
                reading.add(ConfigProblem.Severity.WARNING, 0, name, "no such variable; did you mean " + near + "?");
            }
        }
    }

    private static Map<String, String> keys() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("OLLA_SERVER_HOST", "server.host");
        keys.put("OLLA_SERVER_PORT", "server.port");
        keys.put("OLLA_SERVER_READ_TIMEOUT", "server.read_timeout");
        keys.put("OLLA_SERVER_READ_HEADER_TIMEOUT", "server.read_header_timeout");
        keys.put("OLLA_SERVER_WRITE_TIMEOUT", "server.write_timeout");
        keys.put("OLLA_SERVER_MAX_BODY_SIZE", "server.request_limits.max_body_size");
        keys.put("OLLA_SERVER_MAX_HEADER_SIZE", "server.request_limits.max_header_size");
        keys.put("OLLA_SERVER_GLOBAL_RATE_LIMIT", "server.rate_limits.global_requests_per_minute");
        keys.put("OLLA_SERVER_PER_IP_RATE_LIMIT", "server.rate_limits.per_ip_requests_per_minute");
        keys.put("OLLA_SERVER_RATE_BURST_SIZE", "server.rate_limits.burst_size");
        keys.put("OLLA_SERVER_HEALTH_RATE_LIMIT", "server.rate_limits.health_requests_per_minute");
        keys.put("OLLA_SERVER_RATE_CLEANUP_INTERVAL", "server.rate_limits.cleanup_interval");
        keys.put("OLLA_SERVER_TRUST_PROXY_HEADERS", "server.rate_limits.trust_proxy_headers");
        keys.put("OLLA_SERVER_TRUSTED_PROXY_CIDRS", "server.rate_limits.trusted_proxy_cidrs");
        keys.put("OLLA_SERVER_CORS_ENABLED", "server.cors.enabled");
        keys.put("OLLA_SERVER_CORS_ALLOWED_ORIGINS", "server.cors.allowed_origins");
        keys.put("OLLA_SERVER_CORS_ALLOWED_METHODS", "server.cors.allowed_methods");
        keys.put("OLLA_SERVER_CORS_ALLOWED_HEADERS", "server.cors.allowed_headers");
        keys.put("OLLA_SERVER_CORS_EXPOSED_HEADERS", "server.cors.exposed_headers");
        keys.put("OLLA_SERVER_CORS_ALLOW_CREDENTIALS", "server.cors.allow_credentials");
        keys.put("OLLA_SERVER_CORS_MAX_AGE", "server.cors.max_age");
        keys.put("OLLA_PROXY_ENGINE", "proxy.engine");
        keys.put("OLLA_PROXY_LOAD_BALANCER", "proxy.load_balancer");
        keys.put("OLLA_PROXY_PROFILE", "proxy.profile");
        keys.put("OLLA_PROXY_RESPONSE_TIMEOUT", "proxy.response_timeout");
        keys.put("OLLA_PROXY_READ_TIMEOUT", "proxy.read_timeout");
        keys.put("OLLA_PROXY_RESPONSE_HEADER_TIMEOUT", "proxy.response_header_timeout");
        keys.put("OLLA_PROXY_TLS_HANDSHAKE_TIMEOUT", "proxy.tls_handshake_timeout");
        keys.put("OLLA_PROXY_CONNECTION_KEEP_ALIVE", "proxy.connection_keep_alive");
        keys.put("OLLA_PROXY_STICKY_SESSIONS_ENABLED", "proxy.sticky_sessions.enabled");
        keys.put("OLLA_LOGGING_LEVEL", "logging.level");
        keys.put("OLLA_LOGGING_FORMAT", "logging.format");
        keys.put("OLLA_SHOW_NERD_STATS", "engineering.show_nerdstats");
        keys.put("OLLA_MODEL_REGISTRY_TYPE", "model_registry.type");
        keys.put("OLLA_MODEL_UNIFIER_ENABLED", "model_registry.enable_unifier");
        keys.put("OLLA_TRANSLATORS_ANTHROPIC_ENABLED", "translators.anthropic.enabled");
        keys.put("OLLA_TRANSLATORS_ANTHROPIC_PASSTHROUGH_ENABLED", "translators.anthropic.passthrough_enabled");
        keys.put("OLLA_TRANSLATORS_ANTHROPIC_MAX_MESSAGE_SIZE", "translators.anthropic.max_message_size");
        return keys;
    }
}
