package dev.olla.testbed;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;

/// A request that has arrived completely.
@SuppressWarnings("ArrayRecordComponent") // the body is read, never compared as part of the record
record Arrival(HttpRequest head, String path, byte[] body) {

    static Arrival of(HttpRequest head, byte[] body) {
        String target = head.uri();
        int query = target.indexOf('?');
        return new Arrival(head, query < 0 ? target : target.substring(0, query), body);
    }

    String method() {
        return head.method().name();
    }

    HttpHeaders headers() {
        return head.headers();
    }

    boolean isHead() {
        return method().equals("HEAD");
    }

    boolean keepAlive() {
        return HttpUtil.isKeepAlive(head);
    }

    /// HTTP/1.0 knows no chunks: a stream then ends with the connection.
    boolean takesChunks() {
        return !head.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    RecordedRequest recorded() {
        List<RecordedRequest.Header> headers = head.headers().entries().stream()
                .map(entry -> new RecordedRequest.Header(entry.getKey(), entry.getValue()))
                .toList();
        return new RecordedRequest(method(), head.uri(), headers, body);
    }
}
