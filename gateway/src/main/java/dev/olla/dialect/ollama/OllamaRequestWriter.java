package dev.olla.dialect.ollama;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Completion;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.Json;
import dev.olla.dialect.OutputFormat;
import dev.olla.dialect.Reasoning;
import dev.olla.dialect.RequestWriter;
import dev.olla.dialect.Sampling;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes requests to Ollama: conversations for `/api/chat`, completions for `/api/generate`.
public final class OllamaRequestWriter implements RequestWriter {

    @Override
    public ObjectNode write(Conversation conversation, String model, Abilities abilities) throws BadRequest {
        conversation.extras().refuseNeeded(Dialect.OLLAMA, "");
        ObjectNode request = Json.object().put("model", model);
        request.set("messages", new OllamaMessageWriter(conversation).write());
        OllamaTools.write(conversation.tools(), request);
        writeOutput(conversation.output(), request);
        if (abilities.thinks()) {
            writeReasoning(conversation, model, request);
        }
        request.put("stream", conversation.stream());
        writeRest(conversation.sampling(), conversation.extras(), request);
        return request;
    }

    /// @param model as the server chosen knows it
    /// @throws BadRequest naming the field that the format can't carry
    public ObjectNode write(Completion completion, String model) throws BadRequest {
        completion.extras().refuseNeeded(Dialect.OLLAMA, "");
        ObjectNode request = Json.object().put("model", model).put("prompt", completion.prompt());
        if (completion.suffix() != null) {
            request.put("suffix", completion.suffix());
        }
        if (completion.raw()) {
            request.put("raw", true);
        }
        writeOutput(completion.output(), request);
        request.put("stream", completion.stream());
        writeRest(completion.sampling(), completion.extras(), request);
        return request;
    }

    private static void writeOutput(OutputFormat output, ObjectNode request) {
        switch (output) {
            case OutputFormat.Any _ -> {
                // Nothing to say.
            }
            case OutputFormat.Json _ -> request.put("format", "json");
            case OutputFormat.Schema schema -> request.set("format", schema.schema());
        }
    }

    private static void writeReasoning(Conversation conversation, String model, ObjectNode request) {
        Reasoning reasoning = conversation.reasoning();
        boolean own = conversation.origin() == Dialect.OLLAMA;
        String level = own ? reasoning.effort() : level(reasoning);
        if (Boolean.FALSE.equals(reasoning.enabled())) {
            request.put("think", false);
        } else if (level != null && (own || takesLevels(model))) {
            request.put("think", level);
        } else if (Boolean.TRUE.equals(reasoning.enabled()) || level != null) {
            request.put("think", true);
        }
    }

    /// Older servers refuse a level for every other model.
    private static boolean takesLevels(String model) {
        return model.toLowerCase(Locale.ROOT).contains("gpt-oss");
    }

    private static @Nullable String level(Reasoning reasoning) {
        return switch (reasoning.nearestEffort()) {
            case null -> null;
            case "minimal", "low" -> "low";
            case "medium" -> "medium";
            default -> "high";
        };
    }

    private static void writeRest(Sampling sampling, Extras extras, ObjectNode request) {
        Map<String, JsonNode> rest = new LinkedHashMap<>(extras.of(Dialect.OLLAMA));
        Map<String, JsonNode> options = new LinkedHashMap<>();
        if (rest.remove("options") instanceof ObjectNode kept) {
            kept.properties().forEach(field -> options.put(field.getKey(), field.getValue()));
        }
        ObjectNode all = OllamaOptions.write(sampling, options);
        if (all != null) {
            request.set("options", all);
        }
        rest.forEach(request::set);
    }
}
