package dev.olla.testbed;

import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.Future;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A simulated inference server on a real socket, with faults on demand and a memory of what it was asked.
///
/// Every method may be called from any thread but an event loop; those that open or close sockets return when it is
/// done.
public final class SimulatedServer implements AutoCloseable {

    private final Backend backend;
    private final Routes routes;
    private final ResponseHead heads;
    private final Traffic traffic = new Traffic();
    private final FaultSwitch faults = new FaultSwitch();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final @Nullable Consumer<FinishedRequest> observer;
    private final @Nullable EventLoops ownLoops;
    private final Listener listener;
    private final String scheme;
    private volatile boolean stopped;

    SimulatedServer(SimulatedServerBuilder plan, EventLoops loops, boolean owned) {
        backend = plan.backend();
        routes = new Routes(backend, plan.missingPaths());
        heads = new ResponseHead(backend.name());
        observer = plan.observer();
        ownLoops = owned ? loops : null;
        scheme = plan.tls() == null ? "http" : "https";
        listener = new Listener(loops, this, plan.tls(), plan.address());
        listener.open();
    }

    public static SimulatedServerBuilder ollama(String name) {
        return new SimulatedServerBuilder(ServerKind.OLLAMA, name);
    }

    public static SimulatedServerBuilder vllm(String name) {
        return new SimulatedServerBuilder(ServerKind.VLLM, name);
    }

    public static SimulatedServerBuilder openai(String name) {
        return new SimulatedServerBuilder(ServerKind.OPENAI, name);
    }

    public static SimulatedServerBuilder lmStudio(String name) {
        return new SimulatedServerBuilder(ServerKind.LM_STUDIO, name);
    }

    public static SimulatedServerBuilder lemonade(String name) {
        return new SimulatedServerBuilder(ServerKind.LEMONADE, name);
    }

    public static SimulatedServerBuilder anthropic(String name) {
        return new SimulatedServerBuilder(ServerKind.ANTHROPIC, name);
    }

    public static SimulatedServerBuilder llamacpp(String name) {
        return new SimulatedServerBuilder(ServerKind.LLAMACPP, name);
    }

    public static SimulatedServerBuilder lmdeploy(String name) {
        return new SimulatedServerBuilder(ServerKind.LMDEPLOY, name);
    }

    public static SimulatedServerBuilder of(ServerKind kind, String name) {
        return new SimulatedServerBuilder(kind, name);
    }

    public String name() {
        return backend.name();
    }

    public ServerKind kind() {
        return backend.kind();
    }

    public int port() {
        return listener.port();
    }

    /// The base address, without a trailing slash.
    public URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + port());
    }

    /// Kills the server: closes the listener and resets every connection.
    public synchronized void stop() {
        stopped = true;
        listener.close();
        connections.stream().map(Connection::kill).toList().forEach(ChannelFuture::syncUninterruptibly);
    }

    /// Brings a stopped server back on the same port, with its counters and its fault.
    public synchronized void restart() {
        stopped = false;
        if (!faults.refusing()) {
            listener.open();
        }
    }

    /// Misbehaves from the next request on, in place of any fault before.
    public synchronized void fault(Fault fault) {
        switchTo(fault);
    }

    public synchronized void clearFault() {
        switchTo(null);
    }

    /// The fault that is on, or null.
    public @Nullable Fault currentFault() {
        return faults.current();
    }

    public void setModels(List<SimulatedModel> models) {
        backend.models().replace(models);
        backend.slots().keepOnly(models.stream().map(SimulatedModel::name).toList());
    }

    public void addModel(SimulatedModel model) {
        backend.models().add(model);
    }

    public void removeModel(String name) {
        backend.models().remove(name);
        backend.slots().unload(name);
    }

    /// Tells those that ask for it whether its engine sleeps.
    public void asleep(boolean now) {
        routes.asleep(now);
    }

    public List<SimulatedModel> models() {
        return backend.models().list();
    }

    /// Requests that arrived on a path, without its query.
    public long requests(String path) {
        return traffic.count(path);
    }

    public Map<String, Long> requestsByPath() {
        return traffic.counts();
    }

    public long totalRequests() {
        return traffic.total();
    }

    /// The last hundred requests, newest last; fewer when their bodies exceed 64 MiB together.
    public List<RecordedRequest> recorded() {
        return traffic.recorded();
    }

    /// The latest request whose path begins so: others, such as probes, come in between.
    public RecordedRequest lastTo(String path) {
        return recorded().reversed().stream()
                .filter(request -> request.path().startsWith(path))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no request to " + path));
    }

    /// Exchanges whose client closed before the answer was complete.
    public long clientCloses() {
        return traffic.clientCloses();
    }

    /// When the last such close was noticed, by `System.nanoTime()`; 0 when there was none.
    public long lastClientCloseNanos() {
        return traffic.lastClientCloseNanos();
    }

    /// Requests that have arrived and are not answered completely.
    public int activeExchanges() {
        return traffic.active();
    }

    public int openConnections() {
        return connections.size();
    }

    /// Requests that wait for a slot or for memory.
    public int waitingForSlot() {
        return backend.slots().waiting();
    }

    /// How often a model was loaded.
    public long modelLoads() {
        return backend.slots().loads();
    }

    /// Whether a blob with that digest (`sha256:…`) was given to it whole.
    public boolean hasBlob(String digest) {
        return backend.blobs().has(digest);
    }

    /// Blobs whose client left before they were whole.
    public long brokenBlobs() {
        return backend.blobs().brokenOff();
    }

    /// The bytes of all blobs that came, those that broke off included.
    public long blobBytes() {
        return backend.blobs().bytes();
    }

    @Override
    public void close() {
        stop();
        if (ownLoops != null) {
            ownLoops.close();
        }
    }

    Backend backend() {
        return backend;
    }

    Routes routes() {
        return routes;
    }

    ResponseHead heads() {
        return heads;
    }

    Traffic traffic() {
        return traffic;
    }

    FaultSwitch faults() {
        return faults;
    }

    boolean observed() {
        return observer != null;
    }

    void observe(FinishedRequest request) {
        if (observer != null) {
            observer.accept(request);
        }
    }

    void opened(Connection connection) {
        connections.add(connection);
        if (stopped) {
            connection.reset();
        }
    }

    void closed(Connection connection) {
        connections.remove(connection);
    }

    private void switchTo(@Nullable Fault fault) {
        faults.set(fault);
        if (faults.refusing()) {
            listener.close();
            // A client must not slip another request through a connection that is about to be closed.
            connections.stream().map(Connection::closeIfIdle).toList().forEach(Future::syncUninterruptibly);
        } else if (!stopped) {
            listener.open();
        }
    }
}
