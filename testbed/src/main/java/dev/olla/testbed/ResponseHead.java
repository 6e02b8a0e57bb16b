package dev.olla.testbed;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes the heads of a server's answers, each with `X-Testbed-Server`.
final class ResponseHead {

    private final byte[] serverLine;
    private final byte[] okAndServer;

    ResponseHead(String server) {
        String line = "X-Testbed-Server: " + server + "\r\n";
        serverLine = line.getBytes(StandardCharsets.US_ASCII);
        okAndServer = ("HTTP/1.1 200 OK\r\n" + line).getBytes(StandardCharsets.US_ASCII);
    }

    void writeSized(ByteBuf out, Arrival arrival, Answer.Sized answer, int length) {
        begin(out, arrival, answer.status(), answer.contentType());
        retryAfter(out, answer.retryAfter());
        ByteBufUtil.writeAscii(out, "Content-Length: ");
        ByteBufUtil.writeAscii(out, Integer.toString(length));
        ByteBufUtil.writeAscii(out, "\r\n\r\n");
    }

    /// The head of a stream: in chunks, or until the connection ends for HTTP/1.0.
    void writeStream(ByteBuf out, Arrival arrival, String contentType) {
        begin(out, arrival, 200, contentType);
        ByteBufUtil.writeAscii(
                out,
                arrival.takesChunks()
                        ? "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n"
                        : "Cache-Control: no-cache\r\n\r\n");
    }

    private void begin(ByteBuf out, Arrival arrival, int status, String contentType) {
        if (status == 200) {
            out.writeBytes(okAndServer);
        } else {
            String reason = HttpResponseStatus.valueOf(status).reasonPhrase();
            ByteBufUtil.writeAscii(out, "HTTP/1.1 " + status + " " + reason + "\r\n");
            out.writeBytes(serverLine);
        }
        if (!arrival.keepAlive()) {
            ByteBufUtil.writeAscii(out, "Connection: close\r\n");
        } else if (!arrival.takesChunks()) {
            ByteBufUtil.writeAscii(out, "Connection: keep-alive\r\n");
        }
        ByteBufUtil.writeAscii(out, "Content-Type: ");
        ByteBufUtil.writeAscii(out, contentType);
        ByteBufUtil.writeAscii(out, "\r\n");
    }

    private static void retryAfter(ByteBuf out, @Nullable String value) {
        if (value != null) {
            ByteBufUtil.writeAscii(out, "Retry-After: " + value + "\r\n");
        }
    }
}
