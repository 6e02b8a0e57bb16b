package dev.olla.http;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Sends requests to servers over pooled HTTP/1.1 connections.
///
/// A call stays on the event loop it was made on, and so does its connection: each loop has its own idle ones.
/// There is no bound on the connections in use. A connection is used again only when the answer ended without
/// doubt.
public final class UpstreamClient implements AutoCloseable {

    private final EventLoops loops;
    private final UpstreamConnector connector;
    private final UpstreamTls tls;
    private final Map<Origin, AtomicInteger> idleByOrigin = new ConcurrentHashMap<>();

    public UpstreamClient(EventLoops loops, UpstreamTls tls) {
        this(loops, tls, Duration.ofSeconds(30), HostResolver.system());
    }

    /// @param keepAlive after how much silence the system asks whether a connection still stands
    public UpstreamClient(EventLoops loops, UpstreamTls tls, Duration keepAlive) {
        this(loops, tls, keepAlive, HostResolver.system());
    }

    UpstreamClient(EventLoops loops, UpstreamTls tls, HostResolver resolver) {
        this(loops, tls, Duration.ofSeconds(30), resolver);
    }

    private UpstreamClient(EventLoops loops, UpstreamTls tls, Duration keepAlive, HostResolver resolver) {
        this.loops = loops;
        this.tls = tls;
        this.connector = new UpstreamConnector(loops, tls, keepAlive, resolver, this);
    }

    /// Sends one request; called on the loop, as is the listener.
    ///
    /// A pooled connection that its server closes before a byte of the answer is replaced by a new one, once: the
    /// request met a close that was under way already.
    public UpstreamCall send(Loop loop, UpstreamRequest request, UpstreamListener listener) {
        UpstreamExchange exchange = new UpstreamExchange(this, loop, request, listener);
        UpstreamConnection pooled = idle(loop, request.origin()).take();
        if (pooled != null) {
            exchange.startOn(pooled, true);
        } else {
            connect(exchange);
        }
        return exchange;
    }

    void connect(UpstreamExchange exchange) {
        connector.connect(exchange);
    }

    void giveBack(UpstreamConnection connection) {
        idle(connection.loop(), connection.origin()).put(connection);
    }

    void forget(UpstreamConnection connection) {
        idle(connection.loop(), connection.origin()).remove(connection);
    }

    /// Only these settings are in use from now on; what others left behind is forgotten.
    public void keep(Set<TlsSettings> used) {
        tls.keep(used);
        for (Loop loop : loops.all()) {
            loop.execute(() -> loop.idleConnections().values().removeIf(IdleConnections::isEmpty));
        }
        idleByOrigin.values().removeIf(count -> count.get() == 0);
    }

    private IdleConnections idle(Loop loop, Origin origin) {
        IdleConnections idle = loop.idleConnections().get(origin);
        if (idle == null) {
            AtomicInteger count = idleByOrigin.computeIfAbsent(origin, _ -> new AtomicInteger());
            idle = new IdleConnections(loop.deadlines(), count);
            loop.idleConnections().put(origin, idle);
        }
        return idle;
    }

    /// Closes the idle connections; calls under way are left alone.
    @Override
    public void close() {
        for (Loop loop : loops.all()) {
            loop.execute(() -> loop.idleConnections().values().forEach(IdleConnections::closeAll));
        }
    }
}
