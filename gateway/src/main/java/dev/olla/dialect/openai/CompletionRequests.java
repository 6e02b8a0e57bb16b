package dev.olla.dialect.openai;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Completion;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.Json;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.OutputFormat;
import dev.olla.dialect.Sampling;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes requests of OpenAI's legacy `/v1/completions`. Pure; safe for all threads.
public final class CompletionRequests {

    private CompletionRequests() {}

    /// @throws BadRequest naming the field, where the request doesn't keep to the format
    public static Completion read(JsonNode body) throws BadRequest {
        JsonFields fields = JsonFields.of(body, "");
        String model = fields.text("model");
        if (model == null || model.isEmpty()) {
            throw fields.missing("model");
        }
        String prompt = prompt(fields);
        String suffix = fields.text("suffix");
        Sampling sampling = ChatSampling.read(fields, fields.integer("max_tokens"));
        Boolean stream = fields.flag("stream");
        return new Completion(
                model,
                prompt,
                suffix == null || suffix.isEmpty() ? null : suffix,
                false,
                sampling,
                OutputFormat.ANY,
                fields.text("user"),
                stream != null && stream,
                extras(fields));
    }

    /// Whether the client wants a stream to end with what it has cost.
    public static boolean wantsUsage(Completion completion) {
        JsonNode options = completion.extras().of(Dialect.OPENAI).get("stream_options");
        return options != null && options.path("include_usage").asBoolean(false);
    }

    private static String prompt(JsonFields fields) throws BadRequest {
        JsonNode prompt = fields.any("prompt");
        if (prompt == null) {
            throw fields.missing("prompt");
        }
        if (prompt.isArray() && (prompt.path(0).isNumber() || prompt.path(0).isArray())) {
            throw BadRequest.untranslatable("prompt", "a list of tokens, which mean nothing to another server");
        }
        List<String> texts = prompt.isString() ? List.of(prompt.stringValue()) : fields.texts("prompt");
        if (texts.size() != 1) {
            throw BadRequest.untranslatable("prompt", "a list of texts, of which the server of this model takes one");
        }
        return texts.getFirst();
    }

    private static Extras extras(JsonFields fields) {
        Map<String, JsonNode> rest = new LinkedHashMap<>(fields.rest());
        Set<String> needed = new LinkedHashSet<>();
        rest.forEach((name, value) -> {
            if (isNeeded(name, value)) {
                needed.add(name);
            }
        });
        return new Extras(Dialect.OPENAI, rest, needed);
    }

    /// Whether the answer would be another without it.
    private static boolean isNeeded(String name, JsonNode value) {
        if (value.isNull()) {
            return false;
        }
        return switch (name) {
            case "n", "best_of" -> !value.isInt() || value.intValue() != 1;
            case "logprobs" -> true;
            case "echo" -> value.asBoolean(true);
            case "logit_bias" -> !value.isEmpty();
            default -> false;
        };
    }

    /// @param model as the server chosen knows it
    /// @param abilities what that server takes beyond the format itself
    /// @throws BadRequest naming the field that the format can't carry
    public static ObjectNode write(Completion completion, String model, Abilities abilities) throws BadRequest {
        completion.extras().refuseNeeded(Dialect.OPENAI, "");
        if (!(completion.output() instanceof OutputFormat.Any)) {
            throw BadRequest.untranslatable("format", "not possible with raw or suffix on this server");
        }
        ObjectNode request = Json.object().put("model", model).put("prompt", completion.prompt());
        if (completion.suffix() != null) {
            request.put("suffix", completion.suffix());
        }
        ChatSampling.write(completion.sampling(), "max_tokens", abilities, request);
        if (completion.user() != null) {
            request.put("user", completion.user());
        }
        request.put("stream", completion.stream());
        completion.extras().of(Dialect.OPENAI).forEach(request::set);
        if (completion.stream()) {
            request.withObject("stream_options").put("include_usage", true);
        }
        return request;
    }
}
