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

/// A port that takes no connection: it drops every SYN because its queue is full, or refuses because nobody listens.
final class FaultListener implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 200;
    private static final int MOST = 64;

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

    /// A port of which nobody takes care, for the moment at least.
    static int closedPort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
