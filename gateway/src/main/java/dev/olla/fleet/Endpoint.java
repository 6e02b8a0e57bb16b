package dev.olla.fleet;

import dev.olla.http.Headers;
import dev.olla.http.Origin;
import dev.olla.http.TlsSettings;
import dev.olla.telemetry.EndpointStatistics;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// One server of the fleet: what is configured of it, and its live counters.
///
/// The configuration is immutable; the counters are safe for all threads. Two endpoints are the same when they are
/// the same object.
public final class Endpoint {

    private static final double BUSY_SHARE = 0.3;

    private final EndpointSettings settings;
    private final BackendProfile profile;
    private final BackendKinds kinds;
    private final int position;
    private final Origin origin;
    private final String basePath;
    private final String id;
    private final Headers extraHeaders = new Headers();
    private final EndpointCounters counters;

    /// @param position the place in the configuration, from 0
    /// @param id the short public id, see [EndpointIds]
    /// @param nanoTime a clock such as [System#nanoTime]
    public Endpoint(
            EndpointSettings settings,
            BackendProfile profile,
            int position,
            String id,
            CircuitBreakerSettings breaker,
            LongSupplier nanoTime) {
        this(settings, type -> type.equals(settings.type()) ? profile : null, position, id, breaker, nanoTime);
    }

    /// @param kinds has a profile for the type
    public Endpoint(
            EndpointSettings settings,
            BackendKinds kinds,
            int position,
            String id,
            CircuitBreakerSettings breaker,
            LongSupplier nanoTime) {
        this(settings, kinds, position, id, EndpointCounters.of(settings.name(), breaker, nanoTime));
    }

    /// @param kinds has a profile for the type
    /// @param counters which may be those of the same server in an earlier configuration
    Endpoint(EndpointSettings settings, BackendKinds kinds, int position, String id, EndpointCounters counters) {
        this.settings = settings;
        this.kinds = kinds;
        this.profile = profileOf(settings, kinds);
        this.position = position;
        this.id = id;
        this.counters = counters;
        this.origin = Origin.of(settings.url()).with(settings.tls());
        String path = settings.url().getRawPath();
        this.basePath = path == null ? "" : path.replaceAll("/+$", "");
        settings.headers().forEach(extraHeaders::set);
        EndpointCredential credential = settings.credential();
        if (credential != null) {
            extraHeaders.set(credential.header(), credential.value());
        }
    }

    public EndpointSettings settings() {
        return settings;
    }

    /// The profile of the configured type. What holds at the moment is [EndpointState#profile].
    BackendProfile profile() {
        return profile;
    }

    /// What the server may turn out to be.
    BackendKinds kinds() {
        return kinds;
    }

    /// What the names of its models mean. Takes a moment at the first call.
    public ModelVocabulary vocabulary() {
        return kinds.vocabulary();
    }

    private static BackendProfile profileOf(EndpointSettings settings, BackendKinds kinds) {
        BackendProfile profile = kinds.byType(settings.type());
        if (profile == null) {
            throw new IllegalArgumentException(
                    "endpoint " + settings.name() + ": no profile for type " + settings.type());
        }
        return profile;
    }

    public String name() {
        return settings.name();
    }

    /// What lives on when the configuration changes.
    EndpointCounters counters() {
        return counters;
    }

    /// Whether both stand for the same server: same name, same URL.
    boolean isSameServer(EndpointSettings other) {
        return settings.name().equals(other.name()) && settings.url().equals(other.url());
    }

    /// The short public id, as status pages show it.
    public String id() {
        return id;
    }

    /// The place in the configuration, from 0: the order in which equals are considered.
    public int position() {
        return position;
    }

    public int priority() {
        return settings.priority();
    }

    public Origin origin() {
        return origin;
    }

    /// The path of the configured URL without a trailing slash; empty where there is none.
    public String basePath() {
        return basePath;
    }

    /// Sent with everything that goes to this endpoint, the credential included. Not to be changed.
    public Headers extraHeaders() {
        return extraHeaders;
    }

    /// What goes along to a URL of the control plane: a copy of [#extraHeaders], or nothing where it would get into
    /// other hands.
    Headers extraHeadersFor(URI target) {
        return settings.mayIdentifyTo(target) ? extraHeaders.copy() : new Headers();
    }

    /// How the certificate at a URL of the control plane is verified: another host has its own name.
    TlsSettings tlsFor(URI target) {
        boolean sameHost = Origin.of(target).host().equalsIgnoreCase(origin.host());
        return sameHost ? settings.tls() : settings.tls().withoutServerName();
    }

    /// Attempts from their choice until the end of their answer.
    public AtomicInteger inFlight() {
        return counters.inFlight();
    }

    /// The inference requests among them, and those that wait.
    public Places places() {
        return counters.places();
    }

    /// What it has in memory.
    public Residency residency() {
        return counters.residency();
    }

    /// How many requests it may work on at once where it is of that kind.
    ServerLimits limits(BackendProfile kind) {
        return new ServerLimits(settings.limits(), kind);
    }

    public CircuitBreaker breaker() {
        return counters.breaker();
    }

    EndpointMode mode() {
        return counters.mode().get();
    }

    /// Whether the operator lets it have new work.
    public boolean enabled() {
        return mode() == EndpointMode.ENABLED;
    }

    /// Whether the operator wants to see its models: not while it is disabled.
    public boolean wanted() {
        return mode() != EndpointMode.DISABLED;
    }

    boolean slowStarting() {
        return counters.slowStart().running();
    }

    /// It doesn't know Anthropic's API, though its kind does: until it comes back from an outage, perhaps in a
    /// newer version, that is taken for granted.
    public void refusesMessages() {
        counters.refusesMessages().set(true);
    }

    /// Whether Anthropic's API is worth a try there.
    public boolean mayTakeMessages() {
        return !counters.refusesMessages().get();
    }

    void cameBack() {
        counters.refusesMessages().set(false);
        counters.slowStart().begin();
    }

    /// It asked to be left alone for so long.
    public void pauseFor(Duration length) {
        counters.pause().take(length);
    }

    /// Whether it asked to be left alone: it gets no work that another endpoint can take.
    public boolean pausing() {
        return counters.pause().running();
    }

    /// Its share among endpoints that are equal otherwise: the configured weight, less while it is busy or has just
    /// come back.
    public double share(EndpointStatus status) {
        double readiness = switch (status) {
            case BUSY -> BUSY_SHARE;
            case WARMING ->
                breaker().standing() == CircuitBreaker.Standing.CLOSED
                        ? counters.slowStart().share()
                        : SlowStart.FIRST_SHARE;
            default -> 1;
        };
        return settings.weight() * readiness;
    }

    public EndpointStatistics statistics() {
        return counters.statistics();
    }

    @Override
    public String toString() {
        return name();
    }
}
