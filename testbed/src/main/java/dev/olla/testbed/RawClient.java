package dev.olla.testbed;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client with the bare socket, for tests that mind every byte; a wait beyond its timeout is a
/// `SocketTimeoutException`. For one thread.
public final class RawClient implements AutoCloseable {

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);

    private final Socket socket;
    private final InputStream input;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.input = new BufferedInputStream(socket.getInputStream());
    }

    /// Connects to a port of 127.0.0.1 with a timeout of ten seconds for every wait.
    public static RawClient connect(int port) throws IOException {
        return connect(port, USUAL_TIMEOUT);
    }

    public static RawClient connect(URI uri) throws IOException {
        return connect(uri.getPort());
    }

    public static RawClient connect(int port, Duration timeout) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) timeout.toMillis());
            return new RawClient(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    public Socket socket() {
        return socket;
    }

    /// Sends text in UTF-8 at once.
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /// Sends a request with `Host`, `Content-Length` and these further header lines (each ending in CRLF).
    public void send(String method, String target, String headerLines, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        send("%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n%s\r\n%s"
                .formatted(method, target, bytes.length, headerLines, body));
    }

    /// Reads one final response; interim ones (1xx) are skipped.
    public RawResponse readResponse() throws IOException {
        return readResponse(true);
    }

    /// Reads the response to a HEAD request, which has no body whatever it announces.
    public RawResponse readResponseToHead() throws IOException {
        return readResponse(false);
    }

    /// Reads up to and including the empty line.
    public String readHead() throws IOException {
        return RawBytes.readHead(input);
    }

    /// Reads one line without its end.
    public String readLine() throws IOException {
        return RawBytes.readLine(input);
    }

    /// Reads the next chunk of a chunked body, or null for the final one.
    public @Nullable String readChunk() throws IOException {
        String sizeLine = readLine();
        int size = Integer.parseInt(sizeLine.split(";", 2)[0].strip(), 16);
        if (size == 0) {
            readHead();
            return null;
        }
        byte[] chunk = readFully(size);
        if (chunk.length < size) {
            throw new EOFException("closed within a chunk");
        }
        readLine();
        return text(chunk);
    }

    /// Reads all there is until the server closes or resets.
    public String readUntilClosed() throws IOException {
        StringBuilder all = new StringBuilder();
        try {
            for (int next = input.read(); next >= 0; next = input.read()) {
                all.append((char) next);
            }
        } catch (SocketException _) {
            // a reset is a close, too
        }
        return all.toString();
    }

    /// Reads at most so many bytes into the buffer.
    ///
    /// @return how many, or -1 when the server has closed
    public int read(byte[] buffer, int limit) throws IOException {
        return input.read(buffer, 0, limit);
    }

    /// Waits for the server to close; false when it sends something instead.
    public boolean closed() throws IOException {
        try {
            return input.read() < 0;
        } catch (SocketException _) {
            return true;
        }
    }

    /// Ends the connection with RST.
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private RawResponse readResponse(boolean withBody) throws IOException {
        String head = readHead();
        int status = Integer.parseInt(head.split(" ", 3)[1].substring(0, 3));
        if (status / 100 == 1 && status != 101) {
            return readResponse(withBody);
        }
        if (!withBody || status == 204 || status == 304) {
            return new RawResponse(head, status, List.of(), true);
        }
        List<String> chunks = new ArrayList<>();
        boolean complete = readBody(head, chunks);
        return new RawResponse(head, status, List.copyOf(chunks), complete);
    }

    private boolean readBody(String head, List<String> chunks) throws IOException {
        String coding = RawBytes.header(head, "Transfer-Encoding");
        if (coding != null && coding.equalsIgnoreCase("chunked")) {
            return readChunks(chunks);
        }
        String length = RawBytes.header(head, "Content-Length");
        if (length == null) {
            chunks.add(readUntilClosed());
            return true;
        }
        byte[] body = readFully(Integer.parseInt(length));
        chunks.add(text(body));
        return body.length == Integer.parseInt(length);
    }

    private boolean readChunks(List<String> chunks) throws IOException {
        try {
            for (String chunk = readChunk(); chunk != null; chunk = readChunk()) {
                chunks.add(chunk);
            }
            return true;
        } catch (EOFException | SocketException | NumberFormatException _) {
            return false;
        }
    }

    private byte[] readFully(int size) throws IOException {
        byte[] bytes = new byte[size];
        int filled = 0;
        try {
            while (filled < size) {
                int count = input.read(bytes, filled, size - filled);
                if (count < 0) {
                    break;
                }
                filled += count;
            }
        } catch (SocketException _) {
            // a reset is an early end, too
        }
        return filled == size ? bytes : Arrays.copyOf(bytes, filled);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
