package dev.olla.dialect.translate;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.AnswerReader;
import dev.olla.dialect.ApiCall;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Completion;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.EmbeddingAnswer;
import dev.olla.dialect.EmbeddingRequest;
import dev.olla.dialect.Identifiers;
import dev.olla.dialect.Json;
import dev.olla.dialect.RequestWriter;
import dev.olla.dialect.anthropic.MessagesAnswerReader;
import dev.olla.dialect.anthropic.MessagesRequestWriter;
import dev.olla.dialect.ollama.OllamaAnswerReader;
import dev.olla.dialect.ollama.OllamaEmbeddings;
import dev.olla.dialect.ollama.OllamaRequestWriter;
import dev.olla.dialect.openai.ChatAnswerReader;
import dev.olla.dialect.openai.ChatRequestWriter;
import dev.olla.dialect.openai.CompletionAnswerReader;
import dev.olla.dialect.openai.CompletionRequests;
import dev.olla.dialect.openai.OpenAiEmbeddings;
import dev.olla.dialect.responses.ResponsesAnswerReader;
import dev.olla.dialect.responses.ResponsesRequestWriter;
import dev.olla.http.Body;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A request of a client, read: it can be put to any server that understands a call with the same meaning.
///
/// Immutable, so it may be put to several servers, one after the other; [#answer] is one for all of them.
public final class ClientRequest {

    /// A limitation of every server: it doesn't know the response, kept here, that the request goes on from.
    public static final String NO_PREVIOUS_RESPONSE = "no_previous_response";

    private static final List<ApiCall> TALKS =
            List.of(ApiCall.CHAT, ApiCall.OLLAMA_CHAT, ApiCall.MESSAGES, ApiCall.RESPONSES);
    private static final List<ApiCall> TEXTS = List.of(ApiCall.COMPLETIONS, ApiCall.OLLAMA_GENERATE);
    private static final List<ApiCall> VECTORS = List.of(ApiCall.EMBEDDINGS, ApiCall.OLLAMA_EMBED);

    private final ApiCall call;
    private final Request asked;
    private final Identifiers identifiers;
    private final ClientAnswer answer;
    private final Runnable whole;
    private final Set<String> beyond;

    /// @param whole to be run when a stream is over and was whole
    /// @param beyond see [#beyond]
    ClientRequest(
            ApiCall call,
            Request asked,
            Identifiers identifiers,
            ClientAnswer answer,
            Runnable whole,
            Set<String> beyond) {
        this.call = call;
        this.asked = asked;
        this.identifiers = identifiers;
        this.answer = answer;
        this.whole = whole;
        this.beyond = Set.copyOf(beyond);
    }

    /// The limitations of servers of the client's own format that the request would run into, as profiles name
    /// them.
    public Set<String> beyond() {
        return beyond;
    }

    /// The server that alone can go on from where the request does; null where any can.
    public @Nullable String onlyAt() {
        return asked instanceof Request.Elsewhere(String server) ? server : null;
    }

    /// The client's side of the answer.
    public ClientAnswer answer() {
        return answer;
    }

    /// Puts the request to a server.
    ///
    /// @param spoken the calls that it understands
    /// @param model as it knows it
    /// @param abilities what it takes beyond their formats
    /// @param hold keeps the bytes of the request for the server
    /// @throws BadRequest naming the field that none of them can carry
    public ServerCall to(Set<ApiCall> spoken, String model, Abilities abilities, Function<byte[], Body> hold)
            throws BadRequest {
        return switch (asked) {
            case Request.Talk(Conversation conversation) ->
                talk(conversation, chosen(TALKS, spoken), model, abilities, hold);
            case Request.Text(Completion completion) -> text(completion, chosen(TEXTS, spoken), model, abilities, hold);
            case Request.Vectors(EmbeddingRequest texts) -> vectors(texts, chosen(VECTORS, spoken), model, hold);
            case Request.Elsewhere(String _) ->
                throw BadRequest.untranslatable("previous_response_id", "kept by another server");
            case Request.Residency(ObjectNode document) -> new ServerCall.Needless(document);
        };
    }

    /// The best of the calls that the server understands.
    private ApiCall chosen(List<ApiCall> able, Set<ApiCall> spoken) throws BadRequest {
        for (ApiCall other : call.equivalents()) {
            if (able.contains(other) && spoken.contains(other)) {
                return other;
            }
        }
        boolean fills = asked instanceof Request.Text && call == ApiCall.OLLAMA_GENERATE;
        throw BadRequest.untranslatable(fills ? "raw or suffix" : "model");
    }

    private ServerCall talk(
            Conversation conversation, ApiCall to, String model, Abilities abilities, Function<byte[], Body> hold)
            throws BadRequest {
        RequestWriter writer = switch (to.dialect()) {
            case OPENAI -> new ChatRequestWriter();
            case ANTHROPIC -> new MessagesRequestWriter();
            case OLLAMA -> new OllamaRequestWriter();
            case RESPONSES -> new ResponsesRequestWriter();
        };
        return made(to, hold.apply(Json.bytes(writer.write(conversation, model, abilities))), answerReader(to));
    }

    private AnswerReader answerReader(ApiCall of) {
        return switch (of.dialect()) {
            case OPENAI -> of == ApiCall.COMPLETIONS ? new CompletionAnswerReader() : new ChatAnswerReader(identifiers);
            case ANTHROPIC -> new MessagesAnswerReader(identifiers);
            case OLLAMA -> new OllamaAnswerReader(identifiers);
            case RESPONSES -> new ResponsesAnswerReader();
        };
    }

    private ServerCall text(
            Completion completion, ApiCall to, String model, Abilities abilities, Function<byte[], Body> hold)
            throws BadRequest {
        ObjectNode body = to == ApiCall.COMPLETIONS
                ? CompletionRequests.write(completion, model, abilities)
                : new OllamaRequestWriter().write(completion, model);
        return made(to, hold.apply(Json.bytes(body)), answerReader(to));
    }

    private ServerCall made(ApiCall to, Body body, AnswerReader reader) {
        AnswerTranslation translation = answer.streams()
                ? new StreamTranslation(reader, answer, whole)
                : new DocumentTranslation(reader, answer);
        return new ServerCall.Made(to, body, translation);
    }

    private ServerCall vectors(EmbeddingRequest texts, ApiCall to, String model, Function<byte[], Body> hold)
            throws BadRequest {
        boolean openAi = to == ApiCall.EMBEDDINGS;
        ObjectNode body = openAi ? OpenAiEmbeddings.write(texts, model) : OllamaEmbeddings.write(texts, model);
        Function<byte[], EmbeddingAnswer.Result> reader =
                openAi ? OpenAiEmbeddings::readAnswer : OllamaEmbeddings::readAnswer;
        return new ServerCall.Made(to, hold.apply(Json.bytes(body)), new VectorTranslation(reader, answer));
    }
}
