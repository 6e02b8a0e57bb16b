package dev.olla.dialect.ollama;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Completion;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.JsonFields;
import dev.olla.dialect.Message;
import dev.olla.dialect.OutputFormat;
import dev.olla.dialect.Part;
import dev.olla.dialect.Reasoning;
import dev.olla.dialect.ToolUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads requests to Ollama's `/api/chat` and `/api/generate`. Pure; safe for all threads.
public final class OllamaRequestReader {

    private static final Extras NO_EXTRAS = new Extras(Dialect.OLLAMA, Map.of());
    private static final String NO_RAW = "raw mode does not support template, system, or context";

    private final OllamaForm form;

    public OllamaRequestReader(OllamaForm form) {
        this.form = form;
    }

    /// @param body the whole request, see [dev.olla.dialect.Json#tree]
    /// @throws BadRequest naming the field, where the request doesn't keep to the format
    public OllamaRequest read(JsonNode body) throws BadRequest {
        JsonFields fields = JsonFields.of(body, "");
        String model = fields.text("model");
        String older = fields.text("name");
        String named = model == null || model.isEmpty() ? older : model;
        if (named == null || named.isEmpty()) {
            throw fields.missing("model");
        }
        return form == OllamaForm.CHAT ? chat(named, fields) : generate(named, fields);
    }

    private static OllamaRequest chat(String model, JsonFields fields) throws BadRequest {
        OllamaMessages reader = new OllamaMessages();
        List<Message> messages = new ArrayList<>();
        for (JsonFields message : fields.objects("messages")) {
            messages.add(reader.read(message));
        }
        if (messages.isEmpty()) {
            return residency(model, fields);
        }
        return new OllamaRequest.Conversing(conversation(model, messages, fields));
    }

    private static OllamaRequest generate(String model, JsonFields fields) throws BadRequest {
        String prompt = fields.text("prompt");
        if (prompt == null || prompt.isEmpty()) {
            return residency(model, fields);
        }
        String system = fields.text("system");
        String suffix = fields.text("suffix");
        Boolean raw = fields.flag("raw");
        boolean asItIs = raw != null && raw;
        boolean framed = isSaid(fields, "system") || isSaid(fields, "template") || isSaid(fields, "context");
        if (asItIs && framed) {
            throw BadRequest.invalid("raw", NO_RAW);
        }
        if (asItIs || isSaid(fields, "suffix")) {
            return new OllamaRequest.Completing(completion(new Gap(model, prompt, system, suffix, asItIs), fields));
        }
        List<Message> messages = new ArrayList<>();
        if (system != null && !system.isEmpty()) {
            messages.add(new Message(Message.Role.SYSTEM, List.of(new Part.Text(system, NO_EXTRAS)), NO_EXTRAS));
        }
        List<Part> parts = new ArrayList<>(OllamaMessages.images(fields));
        parts.add(new Part.Text(prompt, NO_EXTRAS));
        messages.add(new Message(Message.Role.USER, parts, NO_EXTRAS));
        return new OllamaRequest.Conversing(conversation(model, messages, fields));
    }

    private static boolean isSaid(JsonFields fields, String name) {
        JsonNode value = fields.node().path(name);
        return value.isString() ? !value.stringValue().isEmpty() : value.isArray() && !value.isEmpty();
    }

    private static OllamaRequest residency(String model, JsonFields fields) throws BadRequest {
        JsonNode keepAlive = fields.any("keep_alive");
        if (keepAlive != null && !keepAlive.isNumber() && !keepAlive.isString()) {
            throw JsonFields.wrongType("keep_alive", "a number or a string", keepAlive);
        }
        boolean unload = keepAlive != null && isZero(keepAlive);
        return unload ? new OllamaRequest.Unloading(model) : new OllamaRequest.Loading(model);
    }

    /// `0`, `"0"`, `"0s"`, `"0h0m"`.
    private static boolean isZero(JsonNode duration) {
        if (duration.isNumber()) {
            return duration.decimalValue().signum() == 0;
        }
        String text = duration.stringValue();
        return text.indexOf('0') >= 0 && text.chars().allMatch(letter -> "0.+-hmsunµ".indexOf(letter) >= 0);
    }

    private static Conversation conversation(String model, List<Message> messages, JsonFields fields)
            throws BadRequest {
        OllamaOptions options = OllamaOptions.read(fields);
        ToolUse tools = OllamaTools.read(fields);
        OutputFormat output = output(fields);
        Reasoning reasoning = reasoning(fields);
        boolean stream = streams(fields);
        return new Conversation(
                model, messages, tools, options.sampling(), output, reasoning, null, stream, extras(fields, options));
    }

    private static Completion completion(Gap gap, JsonFields fields) throws BadRequest {
        if (!fields.texts("images").isEmpty()) {
            throw BadRequest.untranslatable("images", "not possible with raw or suffix");
        }
        if (gap.system != null && !gap.system.isEmpty()) {
            throw BadRequest.untranslatable("system", "not possible with suffix");
        }
        OllamaOptions options = OllamaOptions.read(fields);
        OutputFormat output = output(fields);
        fields.any("think");
        boolean stream = streams(fields);
        String suffix = gap.suffix == null || gap.suffix.isEmpty() ? null : gap.suffix;
        return new Completion(
                gap.model,
                gap.prompt,
                suffix,
                gap.raw,
                options.sampling(),
                output,
                null,
                stream,
                extras(fields, options));
    }

    /// Unless told otherwise Ollama streams.
    private static boolean streams(JsonFields fields) throws BadRequest {
        Boolean stream = fields.flag("stream");
        return stream == null || stream;
    }

    private static OutputFormat output(JsonFields fields) throws BadRequest {
        JsonNode format = fields.any("format");
        if (format == null) {
            return OutputFormat.ANY;
        }
        if (format.isString() && format.stringValue().isEmpty()) {
            return OutputFormat.ANY;
        }
        if (format.isObject()) {
            return new OutputFormat.Schema(null, null, format, null);
        }
        if (format.isString() && format.stringValue().equals("json")) {
            return new OutputFormat.Json();
        }
        throw BadRequest.invalid("format", "format must be \"json\" or a JSON schema");
    }

    private static Reasoning reasoning(JsonFields fields) throws BadRequest {
        JsonNode think = fields.any("think");
        if (think == null) {
            return Reasoning.STANDARD;
        }
        if (think.isBoolean()) {
            return new Reasoning(think.booleanValue(), null, null, null);
        }
        if (!think.isString() || think.stringValue().isEmpty()) {
            throw JsonFields.wrongType("think", "a boolean or one of high, medium and low", think);
        }
        return new Reasoning(true, think.stringValue(), null, null);
    }

    private static Extras extras(JsonFields fields, OllamaOptions options) {
        Map<String, JsonNode> rest = new LinkedHashMap<>(fields.rest());
        if (!options.rest().isEmpty()) {
            ObjectNode kept = JsonNodeFactory.instance.objectNode();
            rest.put("options", kept.setAll(options.rest()));
        }
        Set<String> needed = new LinkedHashSet<>();
        rest.forEach((name, value) -> {
            if (isNeeded(name, value, fields)) {
                needed.add(name);
            }
        });
        return new Extras(Dialect.OLLAMA, rest, needed);
    }

    /// Whether the answer would be another without it.
    private static boolean isNeeded(String name, JsonNode value, JsonFields fields) {
        return switch (name) {
            case "template", "context" -> isSaid(fields, name);
            case "logprobs" -> value.asBoolean(false);
            case "top_logprobs" -> value.asInt(0) != 0;
            default -> false;
        };
    }

    /// A text around a gap.
    private record Gap(
            String model,
            String prompt,
            @Nullable String system,
            @Nullable String suffix,
            boolean raw) {}
}
