package dev.olla.http;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;
import java.util.Map;

/// Header fields as HTTP/2 has them (RFC 9113 §8.2): names in lower case, none that concerns a connection.
final class Http2Fields {

    private Http2Fields() {}

    /// The head of a request.
    static Http2Headers of(Origin origin, UpstreamRequest request) {
        Http2Headers fields = new DefaultHttp2Headers(false)
                .method(request.method())
                .scheme("https")
                .authority(origin.authority())
                .path(request.target());
        add(fields, request.headers());
        Body content = request.body();
        if (content.trailers() == null && (!content.isEmpty() || UpstreamConnection.expectsBody(request.method()))) {
            fields.add("content-length", Long.toString(content.length()));
        }
        return fields;
    }

    /// Fields that follow a body.
    static Http2Headers of(Headers trailers) {
        Http2Headers fields = new DefaultHttp2Headers(false);
        add(fields, trailers);
        return fields;
    }

    private static void add(Http2Headers fields, Headers headers) {
        HopByHop connection = HopByHop.of(headers);
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (!connection.contains(name)) {
                fields.add(name.toLowerCase(Locale.ROOT), headers.value(i));
            }
        }
    }

    /// The head of an answer.
    static ResponseHead response(Http2Headers fields) throws MalformedMessage {
        CharSequence status = fields.status();
        if (status == null || !status.toString().matches("[1-9][0-9]{2}")) {
            throw new MalformedMessage("bad status");
        }
        return new ResponseHead(Integer.parseInt(status.toString()), regular(fields));
    }

    /// All but the pseudo-header fields.
    static Headers regular(Http2Headers fields) throws MalformedMessage {
        Headers headers = new Headers();
        try {
            for (Map.Entry<CharSequence, CharSequence> field : fields) {
                String name = field.getKey().toString();
                if (!name.startsWith(":")) {
                    headers.add(name, field.getValue().toString());
                }
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedMessage(String.valueOf(e.getMessage()));
        }
        return headers;
    }
}
