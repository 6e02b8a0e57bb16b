package dev.olla.dialect.translate;

import dev.olla.dialect.Answer;
import dev.olla.dialect.AnswerWriter;
import dev.olla.dialect.ApiCall;
import dev.olla.dialect.Asked;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Completion;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.EmbeddingAnswer;
import dev.olla.dialect.EmbeddingRequest;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import dev.olla.dialect.Usage;
import dev.olla.dialect.WholeAnswerWriter;
import dev.olla.dialect.anthropic.MessagesDocumentWriter;
import dev.olla.dialect.anthropic.MessagesNeeds;
import dev.olla.dialect.anthropic.MessagesRequestReader;
import dev.olla.dialect.anthropic.MessagesStreamWriter;
import dev.olla.dialect.anthropic.TokenEstimate;
import dev.olla.dialect.ollama.OllamaDocumentWriter;
import dev.olla.dialect.ollama.OllamaEmbeddings;
import dev.olla.dialect.ollama.OllamaForm;
import dev.olla.dialect.ollama.OllamaRequest;
import dev.olla.dialect.ollama.OllamaRequestReader;
import dev.olla.dialect.ollama.OllamaStreamWriter;
import dev.olla.dialect.openai.ChatDocumentWriter;
import dev.olla.dialect.openai.ChatRequestReader;
import dev.olla.dialect.openai.ChatStreamWriter;
import dev.olla.dialect.openai.CompletionRequests;
import dev.olla.dialect.openai.CompletionStreamWriter;
import dev.olla.dialect.openai.OpenAiEmbeddings;
import dev.olla.dialect.responses.ResponseFrame;
import dev.olla.dialect.responses.ResponseStore;
import dev.olla.dialect.responses.ResponsesDocumentWriter;
import dev.olla.dialect.responses.ResponsesRequestReader;
import dev.olla.dialect.responses.ResponsesStreamWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the requests of clients, whichever call they use. Safe for all threads.
///
/// @param identifiers where names come from that a format wants and a server doesn't give
/// @param store of the responses that later requests go on from
public record ClientRequests(Identifiers identifiers, InstantSource clock, ResponseStore store) {

    /// @param body the whole request, see [dev.olla.dialect.Json#tree]
    /// @throws BadRequest naming the field, where the request doesn't keep to its format
    public ClientRequest read(ApiCall call, JsonNode body) throws BadRequest {
        return switch (call) {
            case MESSAGES -> messages(body);
            case CHAT -> chat(body);
            case COMPLETIONS -> completion(body);
            case EMBEDDINGS -> embeddings(body);
            case RESPONSES -> response(body);
            case OLLAMA_CHAT -> ollama(call, OllamaForm.CHAT, body);
            case OLLAMA_GENERATE -> ollama(call, OllamaForm.GENERATE, body);
            case OLLAMA_EMBED -> ollamaEmbeddings(call, OllamaEmbeddings.EMBED, body);
            case OLLAMA_EMBEDDINGS -> ollamaEmbeddings(call, OllamaEmbeddings.SINGLE, body);
        };
    }

    private ClientRequest messages(JsonNode body) throws BadRequest {
        Conversation conversation = new MessagesRequestReader().read(body);
        Asked asked = asked(conversation.model(), TokenEstimate.of(body), false, false);
        AnswerWriter stream = conversation.stream() ? new MessagesStreamWriter(asked, identifiers) : null;
        ClientAnswer answer = answer(stream, new MessagesDocumentWriter(identifiers), asked);
        Request request = new Request.Talk(conversation);
        return new ClientRequest(ApiCall.MESSAGES, request, identifiers, answer, () -> {}, MessagesNeeds.of(body));
    }

    private ClientRequest chat(JsonNode body) throws BadRequest {
        Conversation conversation = new ChatRequestReader().read(body);
        Asked asked = asked(
                conversation.model(),
                0,
                ChatRequestReader.wantsUsage(conversation),
                ChatRequestReader.usesFunctions(body));
        AnswerWriter stream = conversation.stream() ? new ChatStreamWriter(asked, identifiers) : null;
        ClientAnswer answer = answer(stream, new ChatDocumentWriter(identifiers), asked);
        return request(ApiCall.CHAT, new Request.Talk(conversation), answer);
    }

    private ClientRequest request(ApiCall call, Request request, ClientAnswer answer) {
        return new ClientRequest(call, request, identifiers, answer, () -> {}, Set.of());
    }

    private ClientRequest completion(JsonNode body) throws BadRequest {
        Completion completion = CompletionRequests.read(body);
        Asked asked = asked(completion.model(), 0, CompletionRequests.wantsUsage(completion), false);
        AnswerWriter stream = completion.stream() ? new CompletionStreamWriter(asked, identifiers) : null;
        Function<Answer, ObjectNode> document = whole -> new CompletionStreamWriter(asked, identifiers).whole(whole);
        ClientAnswer answer =
                new ClientAnswer(stream, document, ClientRequests::noVectors, false, ClientRequests::unheard);
        return request(ApiCall.COMPLETIONS, new Request.Text(completion), answer);
    }

    private ClientRequest embeddings(JsonNode body) throws BadRequest {
        EmbeddingRequest texts = OpenAiEmbeddings.read(body);
        return vectors(ApiCall.EMBEDDINGS, texts, whole -> OpenAiEmbeddings.writeAnswer(whole, texts));
    }

    private ClientRequest vectors(
            ApiCall call, EmbeddingRequest texts, Function<EmbeddingAnswer, ObjectNode> document) {
        ClientAnswer answer = new ClientAnswer(null, ClientRequests::noText, document, false, ClientRequests::unheard);
        return request(call, new Request.Vectors(texts), answer);
    }

    private ClientRequest ollamaEmbeddings(ApiCall call, OllamaEmbeddings form, JsonNode body) throws BadRequest {
        Instant begun = clock.instant();
        EmbeddingRequest texts = form.read(body);
        Function<EmbeddingAnswer, ObjectNode> document =
                whole -> form.writeAnswer(whole, texts, Duration.between(begun, clock.instant()));
        if (!texts.inputs().isEmpty()) {
            return vectors(call, texts, document);
        }
        ObjectNode none = document.apply(new EmbeddingAnswer(texts.model(), List.of(), Usage.UNKNOWN));
        ClientAnswer answer = new ClientAnswer(null, ClientRequests::noText, document, false, ClientRequests::unheard);
        return request(call, new Request.Residency(none), answer);
    }

    private ClientRequest ollama(ApiCall call, OllamaForm form, JsonNode body) throws BadRequest {
        Instant begun = clock.instant();
        OllamaDocumentWriter document = new OllamaDocumentWriter(form, clock, begun);
        Request request = switch (new OllamaRequestReader(form).read(body)) {
            case OllamaRequest.Conversing(var conversation) -> new Request.Talk(conversation);
            case OllamaRequest.Completing(var completion) -> new Request.Text(completion);
            case OllamaRequest.Loading(var model) -> new Request.Residency(document.residency(model, true));
            case OllamaRequest.Unloading(var model) -> new Request.Residency(document.residency(model, false));
        };
        boolean streams = switch (request) {
            case Request.Talk(var conversation) -> conversation.stream();
            case Request.Text(var completion) -> completion.stream();
            case Request.Vectors _, Request.Residency _, Request.Elsewhere _ -> false;
        };
        Asked asked = asked(body.path("model").asString(""), 0, true, false);
        AnswerWriter stream = streams ? new OllamaStreamWriter(asked, form, clock, begun) : null;
        ClientAnswer answer = new ClientAnswer(
                stream,
                whole -> document.write(whole, asked),
                ClientRequests::noVectors,
                true,
                ClientRequests::unheard);
        return request(call, request, answer);
    }

    private ClientRequest response(JsonNode body) throws BadRequest {
        return switch (store.expand(body)) {
            case ResponseStore.Expanded.Whole(var expanded) -> response(body, expanded);
            case ResponseStore.Expanded.Elsewhere(var server) -> {
                ClientAnswer none = new ClientAnswer(
                        null, ClientRequests::noText, ClientRequests::noVectors, false, ClientRequests::unheard);
                yield request(ApiCall.RESPONSES, new Request.Elsewhere(server), none);
            }
            case ResponseStore.Expanded.Unknown(var id) -> throw unknown(id);
        };
    }

    /// @param whole the request with all that was said before
    private ClientRequest response(JsonNode body, JsonNode whole) throws BadRequest {
        Conversation conversation = new ResponsesRequestReader().read(whole);
        ResponseFrame frame = new ResponseFrame(withoutInput(body));
        Asked asked = asked(conversation.model(), 0, false, false);
        Consumer<ObjectNode> told =
                ResponsesRequestReader.keeps(body) ? response -> store.keep(response, whole) : ClientRequests::unheard;
        ResponsesStreamWriter stream =
                conversation.stream() ? new ResponsesStreamWriter(asked, frame, identifiers) : null;
        WholeAnswerWriter document = new ResponsesDocumentWriter(frame, identifiers);
        ClientAnswer answer = new ClientAnswer(
                stream, answered -> document.write(answered, asked), ClientRequests::noVectors, false, told);
        boolean goesOn = body.has("previous_response_id");
        return new ClientRequest(
                ApiCall.RESPONSES,
                new Request.Talk(conversation),
                identifiers,
                answer,
                () -> keep(stream, told),
                goesOn ? Set.of(ClientRequest.NO_PREVIOUS_RESPONSE) : Set.of());
    }

    /// What is said can be long, and no answer repeats it.
    private static JsonNode withoutInput(JsonNode body) {
        ObjectNode rest = Json.object();
        body.properties().forEach(field -> {
            if (!field.getKey().equals("input")) {
                rest.set(field.getKey(), field.getValue());
            }
        });
        return rest;
    }

    private static ObjectNode noVectors(EmbeddingAnswer whole) {
        throw new IllegalStateException(
                "no vectors were asked for: " + whole.vectors().size());
    }

    private static ObjectNode noText(Answer whole) {
        throw new IllegalStateException(
                "no text was asked for: " + whole.content().size());
    }

    private static void unheard(ObjectNode whole) {}

    private static void keep(@Nullable ResponsesStreamWriter stream, Consumer<ObjectNode> told) {
        ObjectNode finished = stream == null ? null : stream.finished();
        if (finished != null) {
            told.accept(finished);
        }
    }

    /// As OpenAI's service says it.
    private static BadRequest unknown(String id) {
        return BadRequest.gone("previous_response_id", "Previous response with id '" + id + "' not found.");
    }

    private ClientAnswer answer(@Nullable AnswerWriter stream, WholeAnswerWriter document, Asked asked) {
        return new ClientAnswer(
                stream,
                whole -> document.write(whole, asked),
                ClientRequests::noVectors,
                false,
                ClientRequests::unheard);
    }

    private Asked asked(String model, long inputTokens, boolean usageWanted, boolean legacyFunctions) {
        long time = clock.instant().getEpochSecond();
        return new Asked(model, inputTokens, usageWanted, legacyFunctions, time);
    }
}
