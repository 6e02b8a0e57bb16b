package dev.olla.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A server whose script has the bare socket, for backends that break the rules of HTTP; each connection runs the
/// script once on a virtual thread and is closed afterwards.
public final class RawServer implements AutoCloseable {

    private final ServerSocket listener;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    private RawServer(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
    }

    /// Listens on a free port of 127.0.0.1.
    public static RawServer start(Script script) {
        try {
            RawServer server = new RawServer(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()), script);
            Thread.ofVirtual().start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /// Connections accepted so far.
    public int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        closeQuietly(listener);
        open.forEach(RawServer::closeQuietly);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> run(socket));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void run(Socket socket) {
        open.add(socket);
        try (socket) {
            script.run(new RawConnection(socket));
        } catch (IOException _) {
            // the client left: nothing more to play
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception _) {
            // it is gone either way
        }
    }

    /// What a server does with one connection.
    @FunctionalInterface
    public interface Script {
        void run(RawConnection connection) throws IOException, InterruptedException;
    }
}
