package dev.olla.dialect.openai;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Json;
import dev.olla.dialect.Message;
import dev.olla.dialect.OutputFormat;
import dev.olla.dialect.Part;
import dev.olla.dialect.RequestWriter;
import dev.olla.dialect.Tool;
import dev.olla.dialect.ToolChoice;
import dev.olla.dialect.ToolUse;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes requests of OpenAI Chat Completions. Fields that aren't OpenAI's own go only to servers that take them.
public final class ChatRequestWriter implements RequestWriter {

    private static final String STANDARD_SCHEMA_NAME = "answer";
    private static final String STREAM_OPTIONS = "stream_options";

    @Override
    public ObjectNode write(Conversation conversation, String model, Abilities abilities) throws BadRequest {
        conversation.extras().refuseNeeded(Dialect.OPENAI, "");
        ObjectNode request = Json.object().put("model", model);
        request.set("messages", new ChatMessageWriter(conversation, abilities).write());
        ChatSampling.write(conversation.sampling(), maxTokensField(abilities), abilities, request);
        writeTools(conversation.tools(), request);
        writeOutput(conversation.output(), request);
        if (conversation.user() != null) {
            request.put("user", conversation.user());
        }
        request.put("stream", conversation.stream());
        conversation.extras().of(Dialect.OPENAI).forEach(request::set);
        ChatReasoning.write(conversation, abilities, request);
        writePrefill(conversation, abilities, request);
        if (conversation.stream()) {
            wantUsage(request);
        }
        return request;
    }

    private static String maxTokensField(Abilities abilities) {
        String newer = "max_completion_tokens";
        return abilities.takes(newer) ? newer : "max_tokens";
    }

    /// Whether or not the client cares, the gateway does.
    private static void wantUsage(ObjectNode request) {
        JsonNode given = request.path(STREAM_OPTIONS);
        ObjectNode options = given instanceof ObjectNode object ? object.deepCopy() : Json.object();
        request.set(STREAM_OPTIONS, options.put("include_usage", true));
    }

    private static void writeTools(ToolUse use, ObjectNode request) throws BadRequest {
        ArrayNode list = use.write(
                Dialect.OPENAI,
                ChatRequestWriter::function,
                tool -> "the tool " + tool.name() + ", which can't run with the server of this model");
        if (list.isEmpty()) {
            return;
        }
        request.set("tools", list);
        switch (use.choice()) {
            case null -> {
                // Left to the server.
            }
            case ToolChoice.Auto _ -> request.put("tool_choice", "auto");
            case ToolChoice.None _ -> request.put("tool_choice", "none");
            case ToolChoice.Any _ -> request.put("tool_choice", "required");
            case ToolChoice.Named named ->
                request.putObject("tool_choice")
                        .put("type", "function")
                        .putObject("function")
                        .put("name", named.name());
        }
        if (use.parallel() != null) {
            request.put("parallel_tool_calls", use.parallel());
        }
    }

    private static ObjectNode function(Tool.Function function) {
        ObjectNode tool = Json.object().put("type", "function");
        ObjectNode body = tool.putObject("function").put("name", function.name());
        if (function.description() != null) {
            body.put("description", function.description());
        }
        if (function.parameters() != null) {
            body.set("parameters", function.parameters());
        }
        if (function.strict() != null) {
            body.put("strict", function.strict());
        }
        return tool;
    }

    private static void writeOutput(OutputFormat output, ObjectNode request) {
        switch (output) {
            case OutputFormat.Any _ -> {
                // Nothing to say.
            }
            case OutputFormat.Json _ -> request.putObject("response_format").put("type", "json_object");
            case OutputFormat.Schema schema -> {
                ObjectNode format = request.putObject("response_format").put("type", "json_schema");
                ObjectNode named = format.putObject("json_schema");
                named.put("name", schema.name() == null ? STANDARD_SCHEMA_NAME : schema.name());
                if (schema.description() != null) {
                    named.put("description", schema.description());
                }
                named.set("schema", schema.schema());
                if (schema.strict() != null) {
                    named.put("strict", schema.strict());
                }
            }
        }
    }

    /// A conversation that ends with the assistant's words asks for them to be gone on with.
    private static void writePrefill(Conversation conversation, Abilities abilities, ObjectNode request) {
        List<Message> messages = conversation.messages();
        Message last = messages.getLast();
        boolean prefill = conversation.origin() != Dialect.OPENAI
                && last.role() == Message.Role.ASSISTANT
                && last.parts().stream().noneMatch(Part.ToolCall.class::isInstance);
        if (prefill && abilities.takes("continue_final_message")) {
            request.put("continue_final_message", true).put("add_generation_prompt", false);
        }
    }
}
