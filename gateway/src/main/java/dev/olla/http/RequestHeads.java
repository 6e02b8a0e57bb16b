package dev.olla.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// The heads of the requests on one connection, one after the other.
final class RequestHeads {

    private final HeadReader reader;
    private byte @Nullable [] unparsed;

    /// @param limit in bytes
    RequestHeads(int limit) {
        this.reader = new HeadReader(limit);
    }

    /// Whether part of a head has been read.
    boolean started() {
        return reader.started();
    }

    /// The next head; null when more of it is to come.
    @Nullable
    RequestHead next(ByteBuf in) throws MalformedMessage {
        byte[] head = reader.read(in);
        if (head == null) {
            return null;
        }
        unparsed = head;
        RequestHead request = HeadParser.request(head);
        unparsed = null;
        return request;
    }

    /// What is known of a head that can't be read whole: it still gets an answer, in the form of its path where
    /// that is known.
    RequestHead asFarAsKnown() {
        RequestHead line = HeadParser.requestLine(unparsed != null ? unparsed : reader.unfinished());
        unparsed = null;
        return line != null ? line : new RequestHead("GET", "/", 1, new Headers());
    }

    static void requireOneHost(RequestHead head) throws MalformedMessage {
        int hosts = head.headers().all("Host").size();
        if (hosts > 1 || (hosts == 0 && head.minorVersion() == 1)) {
            throw new MalformedMessage(hosts == 0 ? "no Host header" : "more than one Host header");
        }
    }

    /// Size by the original's rule: names and values, 4 for each, the request line and 4.
    static void requireSize(RequestHead head, int limit) throws MalformedMessage {
        long size = head.method().length() + head.target().length() + "HTTP/1.1".length() + 4L;
        for (int i = 0; i < head.headers().size(); i++) {
            size += head.headers().name(i).length() + head.headers().value(i).length() + 4L;
        }
        if (size > limit) {
            throw new MalformedMessage(RequestProblem.Kind.HEADERS_TOO_LARGE, "Request headers too large");
        }
    }

    /// Whether the client waits for a word before it sends its body (RFC 9110 §10.1.1).
    static boolean expectsContinue(RequestHead head) throws MalformedMessage {
        String expected = head.headers().first("Expect");
        if (expected == null || head.minorVersion() == 0) {
            return false;
        }
        if (!expected.equalsIgnoreCase("100-continue")) {
            throw new MalformedMessage(
                    RequestProblem.Kind.EXPECTATION_FAILED, "the only expectation met is 100-continue");
        }
        return true;
    }
}
