package dev.olla.dialect.openai;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.Message;
import dev.olla.dialect.OutputFormat;
import dev.olla.dialect.Reasoning;
import dev.olla.dialect.RequestReader;
import dev.olla.dialect.Sampling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads requests of OpenAI Chat Completions.
public final class ChatRequestReader implements RequestReader {

    /// Fields that change the answer wherever they are set, those of vLLM, SGLang and llama.cpp among them.
    private static final Set<String> NEEDED = Set.of(
            "audio",
            "web_search_options",
            "guided_json",
            "guided_regex",
            "guided_choice",
            "guided_grammar",
            "structured_outputs",
            "grammar",
            "json_schema",
            "regex",
            "ebnf");

    @Override
    public Conversation read(JsonNode body) throws BadRequest {
        JsonFields fields = JsonFields.of(body, "");
        String model = fields.text("model");
        if (model == null || model.isEmpty()) {
            throw fields.missing("model");
        }
        List<Message> messages = messages(fields);
        Sampling sampling = sampling(fields);
        Set<String> needed = new LinkedHashSet<>();
        OutputFormat output = output(fields, needed);
        ChatTools tools = ChatTools.read(fields);
        if (tools.unknownChoice()) {
            needed.add("tool_choice");
        }
        Reasoning reasoning = reasoning(fields);
        Boolean stream = fields.flag("stream");
        String user = fields.text("user");
        Extras extras = extras(fields, needed);
        return new Conversation(
                model, messages, tools.use(), sampling, output, reasoning, user, stream != null && stream, extras);
    }

    /// Whether the client wants a stream to end with what it has cost.
    public static boolean wantsUsage(Conversation conversation) {
        JsonNode options = conversation.extras().of(Dialect.OPENAI).get("stream_options");
        return options != null && options.path("include_usage").asBoolean(false);
    }

    /// Whether the client speaks of `functions` and wants to hear of `function_call`.
    public static boolean usesFunctions(JsonNode body) {
        return body.path("functions").isArray() && !body.path("tools").isArray();
    }

    private static List<Message> messages(JsonFields fields) throws BadRequest {
        List<Message> messages = new ArrayList<>();
        for (JsonFields message : fields.objects("messages")) {
            messages.add(ChatMessages.read(message));
        }
        if (messages.isEmpty()) {
            throw BadRequest.invalid("messages", "messages must hold at least one message");
        }
        return messages;
    }

    private static Sampling sampling(JsonFields fields) throws BadRequest {
        Long older = fields.integer("max_tokens");
        Long maxTokens = fields.integer("max_completion_tokens");
        return ChatSampling.read(fields, maxTokens == null ? older : maxTokens);
    }

    /// @param needed is told where the format is one that only this dialect has
    private static OutputFormat output(JsonFields fields, Set<String> needed) throws BadRequest {
        JsonFields format = fields.object("response_format");
        if (format == null) {
            return OutputFormat.ANY;
        }
        return switch (format.requiredText("type")) {
            case "text" -> OutputFormat.ANY;
            case "json_object" -> json(format);
            case "json_schema" -> schema(format);
            default -> {
                needed.add("response_format");
                yield OutputFormat.ANY;
            }
        };
    }

    /// llama.cpp takes a schema here too.
    private static OutputFormat json(JsonFields format) throws BadRequest {
        JsonNode schema = format.any("schema");
        return schema == null ? new OutputFormat.Json() : new OutputFormat.Schema(null, null, schema, null);
    }

    private static OutputFormat schema(JsonFields format) throws BadRequest {
        JsonFields named = format.object("json_schema");
        if (named == null) {
            throw format.missing("json_schema");
        }
        JsonNode schema = named.any("schema");
        if (schema == null) {
            throw named.missing("schema");
        }
        return new OutputFormat.Schema(named.text("name"), named.text("description"), schema, named.flag("strict"));
    }

    private static Reasoning reasoning(JsonFields fields) throws BadRequest {
        String effort = fields.text("reasoning_effort");
        if (effort != null) {
            return effort.equals("none")
                    ? new Reasoning(false, null, null, null)
                    : new Reasoning(true, effort, null, null);
        }
        JsonNode thinks = fields.node().path("chat_template_kwargs").path("enable_thinking");
        return thinks.isBoolean() ? new Reasoning(thinks.booleanValue(), null, null, null) : Reasoning.STANDARD;
    }

    private static Extras extras(JsonFields fields, Set<String> needed) {
        Map<String, JsonNode> rest = new LinkedHashMap<>(fields.rest());
        for (String name : needed) {
            JsonNode kept = fields.any(name);
            if (kept != null) {
                rest.put(name, kept);
            }
        }
        rest.forEach((name, value) -> {
            if (isNeeded(name, value)) {
                needed.add(name);
            }
        });
        return new Extras(Dialect.OPENAI, rest, needed);
    }

    /// Whether the answer would be another without it.
    private static boolean isNeeded(String name, @Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return false;
        }
        return switch (name) {
            case "n" -> !value.isInt() || value.intValue() != 1;
            case "logprobs" -> value.asBoolean(true);
            case "top_logprobs" -> !value.isInt() || value.intValue() != 0;
            case "logit_bias" -> !value.isEmpty();
            case "modalities" ->
                value.size() != 1 || !value.path(0).asString("").equals("text");
            default -> NEEDED.contains(name);
        };
    }
}
