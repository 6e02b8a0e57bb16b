package dev.olla.request;

import dev.olla.http.Body;
import dev.olla.http.BodyFeed;
import dev.olla.http.BodySpread;
import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import dev.olla.http.IncomingBody;
import dev.olla.http.Loop;
import dev.olla.http.ResponseHead;
import dev.olla.request.route.Candidate;
import dev.olla.request.send.Outgoing;
import dev.olla.telemetry.RequestOutcome.Result;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One call to several servers at once, and the one answer that becomes of theirs: their lines as they come, or one
/// object at the end.
///
/// Lives on the event loop of its exchange. A slow client slows all servers; one that fails or hangs slows no
/// other.
final class FanOut {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Exchange exchange;
    private final boolean streams;
    private final Listener listener;
    private final List<TargetCall> calls = new ArrayList<>();
    private final List<BodyFeed> feeds = new ArrayList<>();
    private @Nullable Body held;
    private long bytes;
    private boolean cancelled;

    /// Hears how it goes.
    interface Listener {

        /// One of the servers is done with.
        void targetEnded(String endpoint, TargetResult result);

        /// The client has its answer.
        ///
        /// @param message what went wrong; null when nothing did
        void ended(Result result, int status, long bytes, @Nullable String message);

        /// The client's body broke off.
        void bodyBroke();
    }

    /// @param streams whether the client wants to hear of the progress
    FanOut(Exchange exchange, List<Candidate> targets, boolean streams, Listener listener) {
        this.exchange = exchange;
        this.streams = streams;
        this.listener = listener;
        IncomingBody body = exchange.incomingBody();
        for (Candidate target : targets) {
            BodyFeed feed = body == null || body.length() == 0 ? null : new BodyFeed(body.length());
            calls.add(new TargetCall(this, target, feed));
            if (feed != null) {
                feeds.add(feed);
            }
        }
    }

    String endpoints() {
        return calls.stream().map(TargetCall::name).collect(Collectors.joining(", "));
    }

    void start(RequestPipeline pipeline, Outgoing outgoing) {
        held = outgoing.body().retain();
        exchange.onWritabilityChange(this::writabilityChanged);
        if (streams) {
            exchange.begin(new ResponseHead(200, headers("application/x-ndjson")), -1);
            exchange.flush();
        }
        calls.forEach(call -> call.start(pipeline, outgoing, exchange.arrivedNanos()));
        IncomingBody body = exchange.incomingBody();
        if (body != null && !feeds.isEmpty() && !over()) {
            new BodySpread(body, feeds, listener::bodyBroke).start();
        }
    }

    private Headers headers(String contentType) {
        return Headers.of("Content-Type", contentType, "X-Olla-Endpoint", Headers.printable(endpoints()));
    }

    Loop loop() {
        return exchange.loop();
    }

    boolean streams() {
        return streams;
    }

    boolean writable() {
        return exchange.writable();
    }

    private void writabilityChanged() {
        calls.forEach(exchange.writable() ? TargetCall::resume : TargetCall::pause);
    }

    /// Passes a server's line on with the name of the server in it.
    void line(TargetCall from, byte[] line, int offset, int length) {
        String text = new String(line, offset, length, StandardCharsets.UTF_8).strip();
        boolean object = text.startsWith("{") && text.endsWith("}");
        String inside = object ? text.substring(1, text.length() - 1).strip() : "\"status\":" + quoted(text);
        String comma = inside.isEmpty() ? "" : ",";
        write('{' + inside + comma + "\"endpoint\":" + quoted(from.name()) + "}\n");
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }

    private void write(String line) {
        ByteBuf out = Unpooled.wrappedBuffer(line.getBytes(StandardCharsets.UTF_8));
        bytes += out.readableBytes();
        exchange.write(out);
    }

    void flush() {
        exchange.flush();
    }

    void ended(TargetCall call, TargetResult result) {
        if (cancelled) {
            return;
        }
        listener.targetEnded(call.name(), result);
        if (over()) {
            complete();
        }
    }

    private boolean over() {
        return calls.stream().allMatch(call -> call.result() != null);
    }

    private List<TargetResult> results() {
        List<TargetResult> results = new ArrayList<>(calls.size());
        for (TargetCall call : calls) {
            TargetResult result = call.result();
            if (result != null) {
                results.add(result);
            }
        }
        return results;
    }

    private void complete() {
        release();
        int status = status();
        byte[] summary = JSON.writeValueAsBytes(summary());
        if (streams) {
            write(new String(summary, StandardCharsets.UTF_8) + '\n');
            exchange.finish();
        } else {
            bytes = summary.length;
            exchange.respond(status, headers("application/json"), summary);
        }
        boolean failed = results().stream().noneMatch(TargetResult::done)
                && results().stream().allMatch(result -> result.status() >= 500);
        listener.ended(failed ? Result.BACKEND_ERROR : Result.SUCCESS, streams ? 200 : status, bytes, problems());
    }

    /// 200 when all did it, 207 when some did, else that of the first error. Of whoever only asks, some is none.
    private int status() {
        List<TargetResult> failed =
                results().stream().filter(result -> !result.done()).toList();
        if (failed.isEmpty()) {
            return 200;
        }
        boolean asks = exchange.request().method().equals("HEAD");
        return asks || failed.size() == calls.size() ? failed.getFirst().status() : 207;
    }

    private ObjectNode summary() {
        ObjectNode results = JSON.createObjectNode();
        for (TargetCall call : calls) {
            TargetResult result = call.result();
            if (result != null) {
                results.set(call.name(), result.json());
            }
        }
        ObjectNode summary = JSON.createObjectNode().put("status", "done");
        summary.set("results", results);
        return summary;
    }

    private @Nullable String problems() {
        StringBuilder problems = new StringBuilder();
        for (TargetCall call : calls) {
            TargetResult result = call.result();
            if (result != null && !result.done()) {
                problems.append(problems.isEmpty() ? "" : "; ")
                        .append(call.name())
                        .append(": ")
                        .append(result.error());
            }
        }
        return problems.isEmpty() ? null : problems.toString();
    }

    /// The client left, or what it sent can't be used: every call ends.
    ///
    /// @return the bytes of the answer so far
    long cancel() {
        cancelled = true;
        calls.forEach(TargetCall::cancel);
        release();
        return bytes;
    }

    private void release() {
        Body released = held;
        held = null;
        if (released != null) {
            released.release();
        }
    }
}
