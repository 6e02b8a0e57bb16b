package dev.olla.dialect.ollama;

import dev.olla.dialect.BackendError;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.EmbeddingAnswer;
import dev.olla.dialect.EmbeddingRequest;
import dev.olla.dialect.Json;
import dev.olla.dialect.JsonFields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Embeddings as Ollama has them: `/api/embed`, and `/api/embeddings` of older clients, which takes one text and
/// gives one vector. Pure; safe for all threads.
public enum OllamaEmbeddings {
    /// `/api/embed`
    EMBED,
    /// `/api/embeddings`
    SINGLE;

    public EmbeddingRequest read(JsonNode body) throws BadRequest {
        JsonFields fields = JsonFields.of(body, "");
        String model = fields.text("model");
        if (model == null || model.isEmpty()) {
            throw fields.missing("model");
        }
        List<String> inputs = inputs(fields);
        Long dimensions = this == EMBED ? fields.integer("dimensions") : null;
        Boolean truncate = this == EMBED ? fields.flag("truncate") : null;
        return new EmbeddingRequest(model, inputs, dimensions, truncate, false, null, fields.extras(Dialect.OLLAMA));
    }

    /// No text at all asks for the model to be loaded, and is answered with no vector.
    private List<String> inputs(JsonFields fields) throws BadRequest {
        if (this == SINGLE) {
            String prompt = fields.text("prompt");
            return prompt == null || prompt.isEmpty() ? List.of() : List.of(prompt);
        }
        JsonNode input = fields.any("input");
        if (input != null && input.isString()) {
            return input.stringValue().isEmpty() ? List.of() : List.of(input.stringValue());
        }
        return fields.texts("input");
    }

    /// The request for `/api/embed`, which every server still in use has.
    ///
    /// @param model as the server chosen knows it
    public static ObjectNode write(EmbeddingRequest request, String model) throws BadRequest {
        request.extras().refuseNeeded(Dialect.OLLAMA, "");
        ObjectNode body = Json.object().put("model", model);
        ArrayNode inputs = body.putArray("input");
        request.inputs().forEach(inputs::add);
        if (request.dimensions() != null) {
            body.put("dimensions", request.dimensions());
        }
        if (request.truncate() != null) {
            body.put("truncate", request.truncate());
        }
        request.extras().of(Dialect.OLLAMA).forEach(body::set);
        return body;
    }

    /// Reads an answer of either kind.
    public static EmbeddingAnswer.Result readAnswer(byte[] body) {
        JsonNode tree = Json.treeOrNull(body, 0, body.length);
        if (tree == null || !tree.isObject()) {
            return EmbeddingAnswer.unreadable();
        }
        if (tree.has("error")) {
            return new EmbeddingAnswer.Result.Broken(
                    BackendError.readInStream(tree).event());
        }
        List<ArrayNode> vectors = new ArrayList<>();
        for (JsonNode vector : tree.path("embeddings")) {
            if (!(vector instanceof ArrayNode numbers)) {
                return EmbeddingAnswer.unreadable();
            }
            vectors.add(numbers);
        }
        if (tree.path("embedding") instanceof ArrayNode single) {
            vectors.add(single);
        } else if (!tree.path("embeddings").isArray()) {
            return EmbeddingAnswer.unreadable();
        }
        String model = tree.path("model").isString() ? tree.path("model").stringValue() : null;
        return new EmbeddingAnswer.Result.Whole(new EmbeddingAnswer(model, vectors, OllamaUsage.read(tree)));
    }

    /// @param request what is answered
    /// @param total how long it took
    public ObjectNode writeAnswer(EmbeddingAnswer answer, EmbeddingRequest request, Duration total) {
        ObjectNode body = Json.object();
        if (this == SINGLE) {
            body.set(
                    "embedding",
                    answer.vectors().isEmpty()
                            ? body.arrayNode()
                            : answer.vectors().getFirst());
            return body;
        }
        body.put("model", answer.model() == null ? request.model() : answer.model());
        ArrayNode vectors = body.putArray("embeddings");
        answer.vectors().forEach(vectors::add);
        OllamaUsage.write(answer.usage(), total, body);
        return body;
    }
}
