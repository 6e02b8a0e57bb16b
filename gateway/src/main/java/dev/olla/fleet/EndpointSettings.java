package dev.olla.fleet;

import dev.olla.http.Origin;
import dev.olla.http.TlsSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the configuration says of one endpoint.
///
/// @param name unique among endpoints, not empty
/// @param url `http` or `https`, with a host, without userinfo
/// @param type as written in the configuration, for instance `lmstudio`; `auto` where nothing is written
/// @param priority higher is preferred; not negative
/// @param healthCheckUrl a path or an absolute URL; null means the profile's path
/// @param modelUrl a path or an absolute URL; null means the profile's path
/// @param checkInterval the pause between two probes; at least 1 s
/// @param checkTimeout the limit of one probe; below the interval and at most 30 s
/// @param preservePath whether the path of the URL is kept when proxying
/// @param modelFilter which of the models found are used
/// @param headers sent with every request, probe and discovery to this endpoint; values may be secret
/// @param credential sent with them and wins over them; null for a server that asks for none
/// @param tls how the server's certificate is verified
/// @param weight its share among the endpoints that the balancer treats as equal; 1 to 1000
/// @param limits how many inference requests may run there at once
public record EndpointSettings(
        String name,
        URI url,
        String type,
        int priority,
        @Nullable String healthCheckUrl,
        @Nullable String modelUrl,
        Duration checkInterval,
        Duration checkTimeout,
        boolean preservePath,
        NameFilter modelFilter,
        Map<String, String> headers,
        @Nullable EndpointCredential credential,
        TlsSettings tls,
        int weight,
        ConcurrencyLimits limits) {

    public static final String AUTO = "auto";
    public static final int DEFAULT_PRIORITY = 100;
    public static final int DEFAULT_WEIGHT = 1;
    public static final Duration DEFAULT_CHECK_INTERVAL = Duration.ofSeconds(5);
    public static final Duration DEFAULT_CHECK_TIMEOUT = Duration.ofSeconds(2);

    public EndpointSettings {
        Objects.requireNonNull(name);
        Objects.requireNonNull(url);
        headers = Map.copyOf(headers);
    }

    /// Without a credential, its certificate verified as usual, with the usual weight.
    public EndpointSettings(
            String name,
            URI url,
            String type,
            int priority,
            @Nullable String healthCheckUrl,
            @Nullable String modelUrl,
            Duration checkInterval,
            Duration checkTimeout,
            boolean preservePath,
            NameFilter modelFilter,
            Map<String, String> headers) {
        this(
                name,
                url,
                type,
                priority,
                healthCheckUrl,
                modelUrl,
                checkInterval,
                checkTimeout,
                preservePath,
                modelFilter,
                headers,
                null,
                TlsSettings.STANDARD,
                DEFAULT_WEIGHT,
                ConcurrencyLimits.NONE);
    }

    /// An endpoint with every other setting at its default.
    public static EndpointSettings of(String name, URI url, String type) {
        return new EndpointSettings(
                name,
                url,
                type,
                DEFAULT_PRIORITY,
                null,
                null,
                DEFAULT_CHECK_INTERVAL,
                DEFAULT_CHECK_TIMEOUT,
                false,
                NameFilter.ALL,
                Map.of());
    }

    /// The same endpoint with other limits.
    public EndpointSettings withLimits(ConcurrencyLimits others) {
        return new EndpointSettings(
                name,
                url,
                type,
                priority,
                healthCheckUrl,
                modelUrl,
                checkInterval,
                checkTimeout,
                preservePath,
                modelFilter,
                headers,
                credential,
                tls,
                weight,
                others);
    }

    /// Whether the kind of server has to be found out.
    public boolean isAuto() {
        return type.equals(AUTO);
    }

    /// Whether headers and credential may go to a URL of the control plane: to the host of the endpoint and to no
    /// other, and never without TLS where the endpoint has it.
    public boolean mayIdentifyTo(URI target) {
        Origin own = Origin.of(url);
        Origin other = Origin.of(target);
        return own.host().equalsIgnoreCase(other.host()) && (other.tls() || !own.tls());
    }

    /// Names no header value.
    @Override
    public String toString() {
        return "EndpointSettings[" + name + ", type " + type + ", priority " + priority + "]";
    }
}
