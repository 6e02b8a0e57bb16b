package dev.olla.dialect.openai;

import dev.olla.dialect.BackendError;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.EmbeddingAnswer;
import dev.olla.dialect.EmbeddingRequest;
import dev.olla.dialect.Json;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.Usage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Embeddings as OpenAI has them: `/v1/embeddings`. Pure; safe for all threads.
public final class OpenAiEmbeddings {

    private static final String ENCODING = "encoding_format";

    private OpenAiEmbeddings() {}

    public static EmbeddingRequest read(JsonNode body) throws BadRequest {
        JsonFields fields = JsonFields.of(body, "");
        String model = fields.text("model");
        if (model == null || model.isEmpty()) {
            throw fields.missing("model");
        }
        List<String> inputs = inputs(fields);
        Long dimensions = fields.integer("dimensions");
        String encoding = fields.text(ENCODING);
        if (encoding != null && !encoding.equals("float") && !encoding.equals("base64")) {
            throw BadRequest.invalid(ENCODING, ENCODING + " must be float or base64");
        }
        boolean base64 = "base64".equals(encoding);
        String user = fields.text("user");
        return new EmbeddingRequest(model, inputs, dimensions, null, base64, user, fields.extras(Dialect.OPENAI));
    }

    private static List<String> inputs(JsonFields fields) throws BadRequest {
        JsonNode input = fields.any("input");
        if (input == null) {
            throw fields.missing("input");
        }
        if (input.isString()) {
            return List.of(input.stringValue());
        }
        if (input.path(0).isNumber() || input.path(0).isArray()) {
            throw BadRequest.untranslatable("input", "a list of tokens, which mean nothing to another server");
        }
        List<String> texts = fields.texts("input");
        if (texts.isEmpty()) {
            throw BadRequest.invalid("input", "input must hold at least one text");
        }
        return texts;
    }

    /// @param model as the server chosen knows it
    public static ObjectNode write(EmbeddingRequest request, String model) throws BadRequest {
        request.extras().refuseNeeded(Dialect.OPENAI, "");
        ObjectNode body = Json.object().put("model", model);
        ArrayNode inputs = body.putArray("input");
        request.inputs().forEach(inputs::add);
        if (request.dimensions() != null) {
            body.put("dimensions", request.dimensions());
        }
        body.put(ENCODING, "float");
        if (request.user() != null) {
            body.put("user", request.user());
        }
        request.extras().of(Dialect.OPENAI).forEach(body::set);
        return body;
    }

    public static EmbeddingAnswer.Result readAnswer(byte[] body) {
        JsonNode tree = Json.treeOrNull(body, 0, body.length);
        if (tree == null || !tree.isObject()) {
            return EmbeddingAnswer.unreadable();
        }
        if (tree.path("error").isObject() || tree.path("error").isString()) {
            return new EmbeddingAnswer.Result.Broken(
                    BackendError.readInStream(tree).event());
        }
        List<JsonNode> items = new ArrayList<>();
        tree.path("data").forEach(items::add);
        items.sort(Comparator.comparingInt(item -> item.path("index").asInt(0)));
        List<ArrayNode> vectors = new ArrayList<>();
        for (JsonNode item : items) {
            ArrayNode vector = vector(item.path("embedding"));
            if (vector == null) {
                return EmbeddingAnswer.unreadable();
            }
            vectors.add(vector);
        }
        if (!tree.path("data").isArray()) {
            return EmbeddingAnswer.unreadable();
        }
        String model = tree.path("model").isString() ? tree.path("model").stringValue() : null;
        Usage usage = ChatUsage.read(tree);
        return new EmbeddingAnswer.Result.Whole(
                new EmbeddingAnswer(model, vectors, usage == null ? Usage.UNKNOWN : usage));
    }

    /// Null where it is none. Some servers answer in base64 whatever they were asked for.
    private static @Nullable ArrayNode vector(JsonNode embedding) {
        if (embedding instanceof ArrayNode numbers) {
            return numbers;
        }
        if (!embedding.isString()) {
            return null;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(embedding.stringValue()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            ArrayNode numbers = Json.object().putArray("embedding");
            while (bytes.remaining() >= Float.BYTES) {
                numbers.add(bytes.getFloat());
            }
            return numbers;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// @param request what is answered
    public static ObjectNode writeAnswer(EmbeddingAnswer answer, EmbeddingRequest request) {
        ObjectNode body = Json.object().put("object", "list");
        ArrayNode data = body.putArray("data");
        for (ArrayNode vector : answer.vectors()) {
            ObjectNode item = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            if (request.base64()) {
                item.put("embedding", base64(vector));
            } else {
                item.set("embedding", vector);
            }
        }
        body.put("model", answer.model() == null ? request.model() : answer.model());
        Long input = answer.usage().inputTokens();
        long tokens = input == null ? 0 : input;
        body.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return body;
    }

    private static String base64(ArrayNode vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (JsonNode number : vector) {
            bytes.putFloat((float) number.asDouble(0));
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
