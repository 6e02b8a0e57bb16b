package dev.olla;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// A port that takes no connection: it drops every SYN because its queue is full, or refuses because nobody
/// listens.
final class FaultListener implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 200;
    private static final int MOST = 64;

    /// Below what Linux (32768), macOS and Windows (49152) hand out unless told otherwise.
    private static final int FIRST_HANDED_OUT = 32_000;

    private static final int LOWEST_PORT = 20_000;

    private final ServerSocket listener;
    private final List<Socket> fillers = new ArrayList<>();

    private FaultListener(ServerSocket listener) {
        this.listener = listener;
    }

    /// Connecting to it hangs.
    static FaultListener full() {
        try {
            FaultListener full = new FaultListener(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            full.fill();
            return full;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A port of which nobody takes care. It is none of those that systems hand out to sockets that ask for any, so
    /// that no server of another test, in this JVM or beside it, comes to listen there.
    static int closedPort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, FIRST_HANDED_OUT);
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (IOException _) {
                // somebody has it
            }
        }
    }

    private void fill() throws IOException {
        for (int i = 0; i < MOST; i++) {
            Socket filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()),
                        PATIENCE_MILLIS);
            } catch (SocketTimeoutException _) {
                return;
            }
        }
        throw new IllegalStateException("the queue of the listener never filled");
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() {
        try {
            for (Socket filler : fillers) {
                filler.close();
            }
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
