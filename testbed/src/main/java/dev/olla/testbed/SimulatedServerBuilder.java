package dev.olla.testbed;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// What a simulated server is going to be; for one thread.
public final class SimulatedServerBuilder {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

    private final ServerKind kind;
    private final String name;
    private final List<SimulatedModel> models = new ArrayList<>();
    private final Set<String> missingPaths = new HashSet<>();
    private Pacing pacing = Pacing.IMMEDIATE;
    private int slots;
    private int residentModels;
    private Duration coldLoad = Duration.ZERO;
    private String host = "127.0.0.1";
    private int port;
    private String version = "0.24.0";
    private @Nullable SslContext tls;
    private @Nullable Consumer<FinishedRequest> observer;

    SimulatedServerBuilder(ServerKind kind, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a server's name is made of letters, digits, '.', '_' and '-': " + name);
        }
        this.kind = kind;
        this.name = name;
    }

    public SimulatedServerBuilder model(String model) {
        return model(SimulatedModel.of(model));
    }

    /// Size in bytes; the digest is derived from the name.
    public SimulatedServerBuilder model(String model, long size) {
        return model(SimulatedModel.of(model, size));
    }

    public SimulatedServerBuilder model(String model, long size, String digest) {
        return model(SimulatedModel.of(model, size, digest));
    }

    public SimulatedServerBuilder model(SimulatedModel model) {
        models.add(model);
        return this;
    }

    /// Default: none.
    public SimulatedServerBuilder timeToFirstToken(Duration time) {
        pacing = pacing.withTimeToFirstToken(time);
        return this;
    }

    /// Default: 0, as fast as it can.
    public SimulatedServerBuilder tokensPerSecond(double rate) {
        pacing = pacing.withTokensPerSecond(rate);
        return this;
    }

    /// The usual length of an answer, default 12; a request's smaller limit wins.
    public SimulatedServerBuilder tokens(int count) {
        pacing = pacing.withTokens(count);
        return this;
    }

    /// Requests generated at a time, the others wait; default 0, without limit.
    public SimulatedServerBuilder slots(int parallel) {
        slots = parallel;
        return this;
    }

    /// How long loading a model takes; models are then loaded when first asked for. Default: none, all are
    /// resident.
    public SimulatedServerBuilder coldLoad(Duration time) {
        coldLoad = time;
        return this;
    }

    /// Models that fit in memory together; default 0, all.
    public SimulatedServerBuilder residentModels(int count) {
        residentModels = count;
        return this;
    }

    /// Paths that answer 404, to simulate an older server.
    public SimulatedServerBuilder without(String... paths) {
        missingPaths.addAll(List.of(paths));
        return this;
    }

    /// Default 0, any free port.
    public SimulatedServerBuilder port(int wanted) {
        port = wanted;
        return this;
    }

    /// The address to listen on, default 127.0.0.1.
    public SimulatedServerBuilder host(String address) {
        host = address;
        return this;
    }

    /// What the server says of its release, where its kind says so; default 0.24.0.
    public SimulatedServerBuilder version(String release) {
        version = release;
        return this;
    }

    /// Serves over TLS; throws `IllegalArgumentException` when the PEM texts can't be used.
    public SimulatedServerBuilder tls(String certificatePem, String keyPem) {
        try {
            tls = SslContextBuilder.forServer(stream(certificatePem), stream(keyPem))
                    .build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("unusable certificate or key", e);
        }
        return this;
    }

    /// Called on an event loop with every exchange that is over; it must not block.
    public SimulatedServerBuilder onFinished(Consumer<FinishedRequest> listener) {
        observer = listener;
        return this;
    }

    /// Starts on an event loop of its own.
    public SimulatedServer start() {
        EventLoops loops = EventLoops.ofThreads(1);
        try {
            return new SimulatedServer(this, loops, true);
        } catch (Throwable e) {
            loops.close();
            throw e;
        }
    }

    /// Starts on event loops that the caller closes after the server.
    public SimulatedServer start(EventLoops shared) {
        return new SimulatedServer(this, shared, false);
    }

    Backend backend() {
        return new Backend(
                name,
                kind,
                version,
                new ModelCatalogue(kind == ServerKind.OLLAMA, models),
                pacing,
                new Slots(slots, residentModels, coldLoad.toNanos()),
                new Blobs());
    }

    Set<String> missingPaths() {
        return Set.copyOf(missingPaths);
    }

    InetSocketAddress address() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    @Nullable
    SslContext tls() {
        return tls;
    }

    @Nullable
    Consumer<FinishedRequest> observer() {
        return observer;
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }
}
