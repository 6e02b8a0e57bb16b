package dev.olla.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/// Reads one request per connection, writes fixed bytes, closes.
final class ScriptedServer implements AutoCloseable {

    private final ServerSocket socket;
    private final byte[] answer;

    private ScriptedServer(ServerSocket socket, String answer) {
        this.socket = socket;
        this.answer = answer.getBytes(ISO_8859_1);
    }

    static ScriptedServer answering(String answer) throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ScriptedServer server = new ScriptedServer(socket, answer);
        Thread.ofVirtual().start(server::serve);
        return server;
    }

    Target target() {
        return new Target("127.0.0.1", socket.getLocalPort(), "");
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                readRequest(new BufferedInputStream(connection.getInputStream()));
                connection.getOutputStream().write(answer);
            } catch (IOException ended) {
                // By the client, or because the test is over.
            }
        }
    }

    private static void readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new SocketException("no request");
            }
            head.append((char) next);
        }
        String length = head.toString().replaceAll("(?s).*Content-Length: (\\d+).*", "$1");
        in.readNBytes(Integer.parseInt(length));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
