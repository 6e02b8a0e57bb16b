package dev.olla.testbed;

import dev.olla.testbed.FinishedRequest.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// One request and its answer, from arrival to the last byte, broken on purpose where a fault says so.
///
/// Lives on the event loop of its connection.
final class Exchange {

    private static final String CONTROL = "/__testbed/";

    private final Connection connection;
    private final Channel channel;
    private final SimulatedServer server;
    private final Arrival arrival;
    private final boolean control;
    private final long startedAt = System.nanoTime();
    private @Nullable Fault fault;
    private @Nullable Generation generation;
    private String model = "";
    private int status;
    private boolean over;

    Exchange(Connection connection, SimulatedServer server, Arrival arrival) {
        this.connection = connection;
        this.channel = connection.channel();
        this.server = server;
        this.arrival = arrival;
        this.control = arrival.path().startsWith(CONTROL);
    }

    void begin() {
        if (control) {
            Thread.ofVirtual().start(this::answerControl);
            return;
        }
        server.traffic().arrived(arrival);
        fault = server.faults().meeting(arrival);
        switch (fault) {
            case Fault.Reset _ -> breakOff(connection::reset);
            case Fault.CloseBeforeAnswer _ -> breakOff(connection::close);
            case Fault.Hang _ -> {}
            case Fault.SlowFirstByte(Duration delay) -> after(delay.toNanos(), this::answer);
            case Fault.Status(int code, String retryAfter) ->
                writeSized(error(code).withRetryAfter(retryAfter));
            case null, default -> answer();
        }
    }

    Arrival arrival() {
        return arrival;
    }

    Channel channel() {
        return channel;
    }

    SimulatedServer server() {
        return server;
    }

    @Nullable
    Fault fault() {
        return fault;
    }

    boolean over() {
        return over;
    }

    long startedAt() {
        return startedAt;
    }

    /// The client takes bytes again.
    void resume() {
        if (generation != null && !over) {
            generation.resume();
        }
    }

    void clientLeft() {
        if (!over) {
            if (!control) {
                server.traffic().clientClosed();
            }
            end(Outcome.CLIENT_CLOSED);
        }
    }

    /// Ends the exchange first, so that the close that follows isn't taken for the client's.
    void breakOff(Runnable closing) {
        if (!over) {
            end(Outcome.BROKEN_ON_PURPOSE);
        }
        closing.run();
    }

    void breakOff() {
        breakOff(connection::close);
    }

    void after(long nanos, Runnable step) {
        if (nanos <= 0) {
            step.run();
            return;
        }
        var _ = channel.eventLoop().schedule(step, nanos, TimeUnit.NANOSECONDS);
    }

    ChannelFuture write(ByteBuf out) {
        return connection.write(out);
    }

    void streamBegins() {
        status = 200;
    }

    void writeSized(Answer.Sized answer) {
        if (over) {
            return;
        }
        status = answer.status();
        switch (fault) {
            case Fault.MalformedJson _ -> {
                byte[] half = Arrays.copyOf(answer.body(), answer.body().length / 2);
                complete(write(answer.withBody(half), half.length, half.length), false);
            }
            case Fault.WrongContentLength(int delta) -> {
                int length = answer.body().length;
                complete(write(answer, length, Math.max(0, length + delta)), true);
            }
            case Fault.StallAfter(int chunks) -> {
                var _ = writePart(answer, chunks);
            }
            case Fault.DropAfter(int chunks) -> {
                ChannelFuture written = writePart(answer, chunks);
                written.addListener(_ -> breakOff());
            }
            case null, default -> complete(write(answer, answer.body().length, answer.body().length), false);
        }
    }

    /// Ends the exchange once these last bytes are out.
    void complete(ChannelFuture lastWrite, boolean close) {
        if (lastWrite.isSuccess()) {
            completed(close);
        } else {
            lastWrite.addListener(written -> {
                if (written.isSuccess() && !over) {
                    completed(close);
                }
            });
        }
    }

    private void completed(boolean close) {
        end(Outcome.COMPLETE);
        connection.next(close || !arrival.keepAlive() || server.faults().refusing());
    }

    private void answer() {
        if (over) {
            return;
        }
        Answer answer = server.routes().answer(arrival);
        switch (answer) {
            case Answer.Sized sized -> writeSized(sized);
            case Answer.Composed composed -> generate(composed.model(), answer);
            case Answer.Streamed streamed -> generate(streamed.model(), answer);
        }
    }

    private void generate(SimulatedModel wanted, Answer answer) {
        model = wanted.name();
        generation = new Generation(this, answer);
        generation.begin(wanted);
    }

    private void answerControl() {
        Answer.Sized answer = ControlRoutes.answer(
                server, arrival.method(), arrival.path().substring(CONTROL.length()), arrival.body());
        channel.eventLoop().execute(() -> writeSized(answer));
    }

    private Answer.Sized error(int code) {
        return Envelope.of(arrival.path()).answer(code, "the simulated server was told to answer " + code);
    }

    private ChannelFuture writePart(Answer.Sized answer, int chunks) {
        int length = answer.body().length;
        return write(answer, chunks == 0 ? 0 : length / 2, length);
    }

    private ChannelFuture write(Answer.Sized answer, int sent, int announced) {
        ByteBuf out = channel.alloc().ioBuffer(256 + sent);
        server.heads().writeSized(out, arrival, answer, announced);
        if (!arrival.isHead()) {
            out.writeBytes(answer.body(), 0, sent);
        }
        return connection.write(out);
    }

    private void end(Outcome outcome) {
        over = true;
        if (generation != null) {
            generation.leave();
        }
        if (control) {
            return;
        }
        server.traffic().ended();
        if (server.observed()) {
            Duration time = Duration.ofNanos(System.nanoTime() - startedAt);
            server.observe(new FinishedRequest(
                    server.name(), arrival.method(), arrival.head().uri(), askedModel(), status, time, outcome));
        }
    }

    private String askedModel() {
        if (!model.isEmpty() || arrival.body().length == 0) {
            return model;
        }
        try {
            return InferenceRequest.read(arrival.body()).model();
        } catch (JacksonException _) {
            return "";
        }
    }
}
