package dev.olla.testbed;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// One connection of a `RawServer`, whose script reads and writes bytes as it likes; for one thread.
public final class RawConnection {

    private final Socket socket;

    RawConnection(Socket socket) {
        this.socket = socket;
    }

    public Socket socket() {
        return socket;
    }

    public InputStream input() throws IOException {
        return socket.getInputStream();
    }

    public OutputStream output() throws IOException {
        return socket.getOutputStream();
    }

    /// Reads up to and including the empty line; throws `EOFException` when the client closes before.
    public String readHead() throws IOException {
        return RawBytes.readHead(input());
    }

    /// Reads exactly so many bytes.
    public byte[] read(int length) throws IOException {
        byte[] bytes = input().readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("closed after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /// Reads a head and the body that its `Content-Length` announces.
    public RawRequest readRequest() throws IOException {
        String head = readHead();
        String length = RawBytes.header(head, "Content-Length");
        return new RawRequest(head, length == null ? new byte[0] : read(Integer.parseInt(length)));
    }

    /// Waits until the client closes or resets; what it sends meanwhile is dropped.
    public void awaitClose() {
        try {
            input().transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // a reset is a close, too
        }
    }

    /// Sends text in UTF-8 at once.
    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    public void write(byte[] bytes) throws IOException {
        output().write(bytes);
        output().flush();
    }

    /// Sends one chunk of a chunked body; an empty text is the final chunk.
    public void writeChunk(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(bytes);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        write(chunk.toByteArray());
    }

    /// Ends the connection with RST.
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /// Ends the connection with FIN.
    public void close() throws IOException {
        socket.close();
    }

    /// A request as it was read: its head with the empty line, and its body.
    @SuppressWarnings("ArrayRecordComponent") // the body is read, never compared as part of the record
    public record RawRequest(String head, byte[] body) {}
}
