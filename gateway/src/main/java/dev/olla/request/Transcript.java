package dev.olla.request;

import dev.olla.dialect.Json;
import dev.olla.dialect.anthropic.MessageAssembly;
import dev.olla.dialect.translate.ClientAnswer;
import dev.olla.http.Body;

/// What the inspector keeps of one request: the request, and the message that was made for it where it was
/// translated. Lives on the event loop of its exchange.
final class Transcript {

    private final Transcripts transcripts;
    private final Transcripts.Place place;
    private final String model;

    /// @param model as the client spelled it
    Transcript(Transcripts transcripts, Transcripts.Place place, String model) {
        this.transcripts = transcripts;
        this.place = place;
        this.model = model;
    }

    /// Keeps the request as the client sent it.
    void request(Body body) {
        transcripts.request(place, model, body);
    }

    /// Keeps the answer that the client is told, if it gets a whole one.
    void follow(ClientAnswer answer) {
        if (answer.streams()) {
            MessageAssembly assembly = new MessageAssembly(message -> transcripts.response(place, Json.bytes(message)));
            answer.copyTo(assembly::read);
        } else {
            answer.copyTo(message -> transcripts.response(place, message));
        }
    }
}
