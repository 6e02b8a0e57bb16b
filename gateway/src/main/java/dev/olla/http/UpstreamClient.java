package dev.olla.http;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Sends requests to servers over pooled HTTP/1.1 connections, or as streams of shared HTTP/2 connections where a
/// server behind TLS offers that.
///
/// A call stays on the event loop it was made on, and so does its connection: each loop has its own idle ones.
/// There is no bound on the connections in use. A connection is used again only when the answer ended without
/// doubt.
public final class UpstreamClient implements AutoCloseable {

    private final EventLoops loops;
    private final UpstreamConnector connector;
    private final UpstreamTls tls;
    private final Map<Origin, AtomicInteger> idleByOrigin = new ConcurrentHashMap<>();
    /// The servers that asked for it.
    private final Set<Origin> http1Only = ConcurrentHashMap.newKeySet();
    /// The servers whose connections are kept for the next request; null for all.
    private volatile @Nullable Set<Origin> kept;

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
    /// request met a close that was under way already. A body that is fed can't be sent twice, so its connection is
    /// always a new one.
    public UpstreamCall send(Loop loop, UpstreamRequest request, UpstreamListener listener) {
        UpstreamExchange exchange = new UpstreamExchange(this, loop, request, listener);
        SharedConnection shared = mayShare(exchange) ? withRoom(loop, request.origin()) : null;
        if (shared != null) {
            shared.start(exchange);
            return exchange;
        }
        IdleConnections idle = loop.idleConnections().get(request.origin());
        UpstreamConnection pooled = idle == null || request.feed() != null ? null : idle.take();
        if (pooled != null) {
            exchange.startOn(pooled, true);
        } else {
            connect(exchange);
        }
        return exchange;
    }

    boolean mayShare(UpstreamExchange exchange) {
        return exchange.mayShare() && !http1Only.contains(exchange.request().origin());
    }

    private static @Nullable SharedConnection withRoom(Loop loop, Origin origin) {
        SharedConnections shared = loop.sharedConnections().get(origin);
        return shared == null ? null : shared.withRoom();
    }

    /// Starts the call on a new connection on which the server speaks HTTP/2, unless there is room on one that was
    /// opened meanwhile.
    void share(UpstreamExchange exchange, Channel opened) {
        Loop loop = exchange.loop();
        Origin origin = exchange.request().origin();
        SharedConnection other = withRoom(loop, origin);
        if (other != null) {
            opened.close();
            other.start(exchange);
        } else {
            loop.sharedConnections()
                    .computeIfAbsent(origin, _ -> new SharedConnections())
                    .add(new SharedConnection(this, loop, origin), opened)
                    .start(exchange);
        }
    }

    /// The server asks for HTTP/1.1 in spite of what it chose (RFC 9113 §7, HTTP_1_1_REQUIRED).
    void useHttp1(Origin origin) {
        http1Only.add(origin);
    }

    boolean keeps(Origin origin) {
        Set<Origin> wanted = kept;
        return wanted == null || wanted.contains(origin);
    }

    void connect(UpstreamExchange exchange) {
        connector.connect(exchange);
    }

    /// Takes over how soon the system asks whether a connection still stands, for those opened from now on.
    ///
    /// @param silence after which it does
    public void keepAlive(Duration silence) {
        connector.keepAlive(silence);
    }

    /// Keeps connections to these servers only: unused ones to others are closed, those in use once their answer
    /// has ended.
    public void keepOnly(Collection<Origin> servers) {
        Set<Origin> next = Set.copyOf(servers);
        kept = next;
        idleByOrigin.keySet().retainAll(next);
        http1Only.retainAll(next);
        tls.keep(next.stream().map(Origin::tlsSettings).collect(Collectors.toSet()));
        for (Loop loop : loops.all()) {
            loop.execute(() -> drop(loop, next));
        }
    }

    private static void drop(Loop loop, Set<Origin> kept) {
        for (Origin origin : List.copyOf(loop.sharedConnections().keySet())) {
            if (!kept.contains(origin)) {
                retire(loop, origin);
            }
        }
        loop.idleConnections().entrySet().removeIf(pool -> {
            if (kept.contains(pool.getKey())) {
                return false;
            }
            pool.getValue().closeAll();
            return true;
        });
    }

    private static void retire(Loop loop, Origin origin) {
        SharedConnections shared = loop.sharedConnections().get(origin);
        if (shared != null) {
            shared.retire();
        }
    }

    void giveBack(UpstreamConnection connection) {
        if (!keeps(connection.origin())) {
            connection.close();
        } else {
            idle(connection.loop(), connection.origin()).put(connection);
        }
    }

    void forget(UpstreamConnection connection) {
        IdleConnections idle = connection.loop().idleConnections().get(connection.origin());
        if (idle != null) {
            idle.remove(connection);
        }
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
            loop.execute(() -> {
                loop.idleConnections().values().forEach(IdleConnections::closeAll);
                List.copyOf(loop.sharedConnections().keySet()).forEach(origin -> retire(loop, origin));
            });
        }
    }
}
