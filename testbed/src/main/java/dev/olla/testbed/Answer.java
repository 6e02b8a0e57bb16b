package dev.olla.testbed;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a route decided to answer; how it is paced and broken on purpose is up to the exchange.
@SuppressWarnings("ArrayRecordComponent") // bytes to be written, never compared
sealed interface Answer {

    String JSON = "application/json";
    String EVENTS = "text/event-stream";
    String LINES = "application/x-ndjson";

    /// A body that is ready at once.
    record Sized(
            int status,
            String contentType,
            byte[] body,
            @Nullable String retryAfter) implements Answer {

        static Sized json(int status, JsonNode body) {
            return new Sized(status, JSON, Json.bytes(body), null);
        }

        static Sized json(JsonNode body) {
            return json(200, body);
        }

        static Sized text(int status, String body) {
            return new Sized(status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8), null);
        }

        Sized withBody(byte[] other) {
            return new Sized(status, contentType, other, retryAfter);
        }

        Sized withRetryAfter(@Nullable String value) {
            return new Sized(status, contentType, body, value);
        }
    }

    /// A body that is ready when the model has generated so many pieces.
    record Composed(SimulatedModel model, int pieces, Function<Timing, byte[]> body) implements Answer {}

    /// A reply that is streamed piece by piece.
    record Streamed(SimulatedModel model, Reply reply, String contentType, Frames frames) implements Answer {

        /// All frames in one body.
        byte[] everything(Timing timing) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(frames.opening());
            for (int index = 0; index < reply.pieces(); index++) {
                all.writeBytes(frames.piece().prefix());
                all.writeBytes(reply.piece(index));
                all.writeBytes(frames.piece().suffix());
            }
            all.writeBytes(frames.closing().apply(timing));
            return all.toByteArray();
        }
    }

    /// The bytes of a stream: its opening (may be empty), each piece, and its closing.
    record Frames(byte[] opening, FrameTemplate piece, Function<Timing, byte[]> closing) {}
}
