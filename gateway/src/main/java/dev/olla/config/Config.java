package dev.olla.config;

import dev.olla.fleet.CircuitBreakerSettings;
import dev.olla.fleet.DiscoverySettings;
import dev.olla.fleet.EndpointSettings;
import dev.olla.fleet.ResidencySettings;
import dev.olla.http.ServerSettings;
import dev.olla.request.FormatSettings;
import dev.olla.request.admit.AdmissionSettings;
import dev.olla.request.route.RoutingSettings;
import dev.olla.request.select.QueueSettings;
import dev.olla.request.select.StickySettings;
import dev.olla.request.send.ProxySettings;
import dev.olla.request.send.RetrySettings;
import dev.olla.telemetry.LoggingSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that a start needs to know, read and checked.
///
/// @param endpoints in the order of the file; their types are known to the profiles, their names are unique
/// @param enableUnifier whether names of one model are merged
/// @param ollamaManagement whether calls that change the models of Ollamas are passed on
/// @param secretFiles the files that endpoints point to, with their credentials or certificates
/// @param showNerdStats whether a stop ends with a summary of the runtime
/// @param maxDecisions how many decision records are kept
/// @param profiles the kinds of backend that are served
/// @param source the file as the user named it; null when the built-in defaults are used
/// @param resolved every key with its value, for [ConfigDiff]
/// @param problems warnings only
public record Config(
        ServerSettings server,
        AdmissionSettings admission,
        ProxySettings proxy,
        RetrySettings retry,
        CircuitBreakerSettings breaker,
        QueueSettings queue,
        ResidencySettings residency,
        StickySettings sticky,
        List<EndpointSettings> endpoints,
        DiscoverySettings discovery,
        LoggingSettings logging,
        RoutingSettings routing,
        FormatSettings formats,
        boolean enableUnifier,
        boolean ollamaManagement,
        boolean showNerdStats,
        int maxDecisions,
        Profiles profiles,
        List<Path> secretFiles,
        @Nullable Path source,
        ResolvedKeys resolved,
        List<ConfigProblem> problems) {

    public Config {
        endpoints = List.copyOf(endpoints);
        secretFiles = List.copyOf(secretFiles);
        problems = List.copyOf(problems);
    }

    Config with(List<ConfigProblem> warnings) {
        return new Config(
                server,
                admission,
                proxy,
                retry,
                breaker,
                queue,
                residency,
                sticky,
                endpoints,
                discovery,
                logging,
                routing,
                formats,
                enableUnifier,
                ollamaManagement,
                showNerdStats,
                maxDecisions,
                profiles,
                secretFiles,
                source,
                resolved,
                warnings);
    }

    /// The configuration with another address to listen on.
    public Config listeningOn(String host, int port) {
        return new Config(
                server.listeningOn(host, port),
                admission,
                proxy,
                retry,
                breaker,
                queue,
                residency,
                sticky,
                endpoints,
                discovery,
                logging,
                routing,
                formats,
                enableUnifier,
                ollamaManagement,
                showNerdStats,
                maxDecisions,
                profiles,
                secretFiles,
                source,
                resolved,
                problems);
    }

    /// Names no header value.
    @Override
    public String toString() {
        return "Config[" + (source == null ? "built-in defaults" : source) + ", " + endpoints + "]";
    }
}
