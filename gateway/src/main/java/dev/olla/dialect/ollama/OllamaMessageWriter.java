package dev.olla.dialect.ollama;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Json;
import dev.olla.dialect.Media;
import dev.olla.dialect.Message;
import dev.olla.dialect.Part;
import dev.olla.dialect.PartText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes the messages of one request for `/api/chat`.
///
/// A message of Ollama has one text and a list of images, so parts lose their order. What an assistant says in
/// several messages in a row is one message: that is where templates look for its calls.
final class OllamaMessageWriter {

    private final Conversation conversation;
    private final boolean own;
    private final Map<String, String> names = new HashMap<>();
    private final ArrayNode out = Json.object().putArray("messages");

    OllamaMessageWriter(Conversation conversation) {
        this.conversation = conversation;
        own = conversation.origin() == Dialect.OLLAMA;
    }

    ArrayNode write() throws BadRequest {
        List<Message> messages = conversation.messages();
        int question = conversation.lastQuestion();
        List<ObjectNode> shown = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            String place = conversation.place(i);
            message.extras().refuseNeeded(Dialect.OLLAMA, place);
            String path = place.startsWith("messages") ? place + ".content" : place;
            boolean results = message.parts().stream().anyMatch(Part.ToolResult.class::isInstance);
            if (!results) {
                flush(shown);
            }
            switch (message.role()) {
                case SYSTEM -> said("system", message, path, "\n\n");
                case USER -> user(message, path, shown);
                case ASSISTANT -> assistant(message, path, own || i > question);
            }
        }
        flush(shown);
        return out;
    }

    private void flush(List<ObjectNode> shown) {
        shown.forEach(out::add);
        shown.clear();
    }

    /// The results of tools first, wherever they stand; what they show waits until their run is over.
    private void user(Message message, String path, List<ObjectNode> shown) throws BadRequest {
        List<Part> rest = new ArrayList<>();
        for (int i = 0; i < message.parts().size(); i++) {
            if (message.parts().get(i) instanceof Part.ToolResult result) {
                result(result, message, path + '[' + i + ']', shown);
            } else {
                rest.add(message.parts().get(i));
            }
        }
        if (rest.size() == message.parts().size()) {
            said("user", message, path, "\n");
        } else if (!rest.isEmpty()) {
            flush(shown);
            said("user", new Message(Message.Role.USER, rest), path, "\n");
        }
    }

    private void said(String role, Message message, String path, String separator) throws BadRequest {
        Content content = content(message.parts(), path, separator);
        if (content.isEmpty() && !own) {
            return;
        }
        ObjectNode written = content.into(Json.object().put("role", role));
        message.extras().of(Dialect.OLLAMA).forEach(written::set);
        out.add(written);
    }

    private static Content content(List<Part> parts, String path, String separator) throws BadRequest {
        Content content = new Content();
        for (int i = 0; i < parts.size(); i++) {
            content.add(parts.get(i), path + '[' + i + ']', separator);
        }
        return content;
    }

    private void result(Part.ToolResult result, Message message, String path, List<ObjectNode> shown)
            throws BadRequest {
        result.extras().refuseNeeded(Dialect.OLLAMA, path);
        Content content = content(result.content(), path + ".content", "\n");
        String text = PartText.told(result, content.text.toString());
        ObjectNode written = Json.object().put("role", "tool").put("content", text);
        String name = result.name() == null ? names.get(result.callId()) : result.name();
        if (name != null) {
            written.put("tool_name", name);
        }
        if (!result.callId().isEmpty()) {
            written.put("tool_call_id", result.callId());
        }
        if (!content.images.isEmpty()) {
            ObjectNode holder =
                    own ? written : Json.object().put("role", "user").put("content", "");
            holder.set("images", content.images);
            if (!own) {
                shown.add(holder);
            }
        }
        message.extras().of(Dialect.OLLAMA).forEach(written::set);
        out.add(written);
    }

    /// @param thinks whether it is part of what the model is still at work on
    private void assistant(Message message, String path, boolean thinks) throws BadRequest {
        StringBuilder thoughts = new StringBuilder();
        Content content = new Content();
        ArrayNode calls = Json.object().putArray("tool_calls");
        for (int i = 0; i < message.parts().size(); i++) {
            String place = path + '[' + i + ']';
            switch (message.parts().get(i)) {
                case Part.Thinking thought -> thoughts.append(thought.text());
                case Part.RedactedThinking _ -> {
                    // Only its maker can read it.
                }
                case Part.ToolCall call -> calls.add(call(call, place));
                case Part other -> content.add(other, place, "");
            }
        }
        if (!thinks) {
            thoughts.setLength(0);
        }
        if (!own && content.isEmpty() && calls.isEmpty() && thoughts.isEmpty()) {
            return;
        }
        ObjectNode written = turn();
        append(written, "thinking", thoughts);
        content.into(written);
        if (!calls.isEmpty()) {
            written.withArray("tool_calls").addAll(calls);
        }
        message.extras().of(Dialect.OLLAMA).forEach(written::set);
    }

    /// The assistant's message that is being written, or a new one.
    private ObjectNode turn() {
        JsonNode last = out.path(out.size() - 1);
        boolean goesOn = !own && last.path("role").asString("").equals("assistant");
        return goesOn ? (ObjectNode) last : out.addObject().put("role", "assistant");
    }

    private static void append(ObjectNode message, String field, CharSequence text) {
        if (!text.isEmpty()) {
            message.put(field, message.path(field).asString("") + text);
        }
    }

    private ObjectNode call(Part.ToolCall call, String path) throws BadRequest {
        call.extras().refuseNeeded(Dialect.OLLAMA, path);
        ObjectNode entry = Json.object();
        if (!call.id().isEmpty()) {
            names.put(call.id(), call.name());
            entry.put("id", call.id());
        }
        ObjectNode function = entry.putObject("function").put("name", call.name());
        function.set("arguments", arguments(call.arguments()));
        call.extras().of(Dialect.OLLAMA).forEach(entry::set);
        return entry;
    }

    /// Ollama takes an object only: what is none has no place.
    static ObjectNode arguments(String text) {
        JsonNode tree = Json.treeOrNull(text);
        return tree instanceof ObjectNode object ? object : Json.object();
    }

    /// The text and the images of a message.
    private static final class Content {
        private final StringBuilder text = new StringBuilder();
        private final ArrayNode images = Json.object().putArray("images");

        boolean isEmpty() {
            return text.isEmpty() && images.isEmpty();
        }

        void add(Part part, String path, String separator) throws BadRequest {
            if (part instanceof Part.Image image) {
                part.extras().refuseNeeded(Dialect.OLLAMA, path);
                images.add(base64(image, path));
            } else if (part instanceof Part.Document document
                    && document.media() instanceof Media.Pieces(List<Part> parts)
                    && !PartText.is(part, Dialect.OLLAMA)) {
                for (Part piece : parts) {
                    add(piece, path, separator);
                }
            } else {
                String said = PartText.of(part, Dialect.OLLAMA, path);
                text.append(text.isEmpty() || said.isEmpty() ? "" : separator).append(said);
            }
        }

        private static String base64(Part.Image image, String path) throws BadRequest {
            if (image.media() instanceof Media.Inline inline) {
                return inline.base64();
            }
            if (image.media() instanceof Media.Link) {
                throw BadRequest.untranslatable(path, "an image behind a link, which Ollama doesn't follow");
            }
            throw PartText.refusal(image, path);
        }

        ObjectNode into(ObjectNode message) {
            message.put("content", message.path("content").asString("") + text);
            if (!images.isEmpty()) {
                message.withArray("images").addAll(images);
            }
            return message;
        }
    }
}
