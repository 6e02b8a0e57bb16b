package dev.olla.request.select;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.olla.fleet.Endpoint;
import dev.olla.http.RequestHead;
import dev.olla.request.inspect.Inspection;
import dev.olla.telemetry.StickyFigures;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Which server each session is pinned to. Safe for all threads.
///
/// A pin that was purged stays as a mark until it would have expired, so that the next turn tells of its move.
public final class StickySessions {

    private final StickySettings settings;
    private final LongSupplier nanoTime;
    private final Counters counters;
    private final Cache<String, Pin> pins;

    /// A server by what outlives a reload: its name and its address.
    ///
    /// @param name empty for a pin that was purged
    record Pin(String name, String url) {

        static final Pin PURGED = new Pin("", "");

        static Pin to(Endpoint endpoint) {
            return new Pin(endpoint.name(), endpoint.settings().url().toString());
        }

        boolean isPurged() {
            return name.isEmpty();
        }
    }

    private record Counters(LongAdder insertions, LongAdder hits, LongAdder misses, LongAdder evictions) {
        Counters() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    /// @param nanoTime a clock such as [System#nanoTime]
    public StickySessions(StickySettings settings, LongSupplier nanoTime) {
        this(settings, nanoTime, new Counters());
    }

    private StickySessions(StickySettings settings, LongSupplier nanoTime, Counters counters) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.counters = counters;
        Caffeine<String, Pin> builder = Caffeine.newBuilder()
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .removalListener(this::removed);
        if (settings.idle().isPositive()) {
            builder.expireAfterAccess(settings.idle());
        }
        if (settings.maxSessions() > 0) {
            builder.maximumSize(settings.maxSessions());
        }
        pins = builder.build();
    }

    private void removed(@Nullable String key, @Nullable Pin pin, RemovalCause cause) {
        if (cause.wasEvicted() && pin != null && !pin.isPurged()) {
            counters.evictions.increment();
        }
    }

    /// The same sessions under other settings.
    public StickySessions under(StickySettings next) {
        if (next.equals(settings)) {
            return this;
        }
        StickySessions successor = new StickySessions(next, nanoTime, counters);
        successor.pins.putAll(pins.asMap());
        return successor;
    }

    /// The pin of a request's session, to choose by; null while sessions are not kept together.
    ///
    /// @param balancer chooses where no pin does
    public @Nullable SessionPin pin(
            RequestHead head, InetSocketAddress peer, Inspection inspection, Balancer balancer) {
        return settings.enabled()
                ? new SessionPin(this, SessionKey.of(settings.sources(), head, peer, inspection), balancer)
                : null;
    }

    /// Where the session is pinned to; counts, and prolongs its life.
    @Nullable
    Pin lookUp(SessionKey key) {
        Pin pin = pins.getIfPresent(key.text());
        (pin == null ? counters.misses : counters.hits).increment();
        return pin;
    }

    /// Where the session is pinned to; leaves no trace.
    @Nullable
    Pin peek(SessionKey key) {
        return pins.policy().getIfPresentQuietly(key.text());
    }

    void pin(SessionKey key, Endpoint endpoint) {
        Pin before = pins.asMap().put(key.text(), Pin.to(endpoint));
        if (before == null || before.isPurged()) {
            counters.insertions.increment();
        }
    }

    /// Nobody is pinned to the server any longer. Takes its time with many sessions: not for an event loop.
    public void purge(Endpoint endpoint) {
        Pin gone = Pin.to(endpoint);
        pins.asMap().forEach((key, pin) -> {
            if (pin.equals(gone) && pins.asMap().replace(key, pin, Pin.PURGED)) {
                counters.evictions.increment();
            }
        });
    }

    /// Null while sessions are not kept together.
    public @Nullable StickyFigures figures() {
        if (!settings.enabled()) {
            return null;
        }
        pins.cleanUp();
        long active =
                pins.asMap().values().stream().filter(pin -> !pin.isPurged()).count();
        return new StickyFigures(
                active,
                counters.insertions.sum(),
                counters.hits.sum(),
                counters.misses.sum(),
                counters.evictions.sum(),
                settings.maxSessions(),
                settings.idle().toSeconds());
    }
}
