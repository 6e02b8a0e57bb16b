package dev.olla.dialect.responses;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.DataUrl;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.Json;
import dev.olla.dialect.Media;
import dev.olla.dialect.Message;
import dev.olla.dialect.Part;
import dev.olla.dialect.PartText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes the input of one request.
final class ResponsesItemWriter {

    private final Conversation conversation;
    private final boolean own;
    private final ArrayNode items = Json.object().putArray("input");
    private final Map<String, Deque<String>> madeUp = new HashMap<>();
    private int calls;
    private int thoughts;

    ResponsesItemWriter(Conversation conversation) {
        this.conversation = conversation;
        own = conversation.origin() == Dialect.RESPONSES;
    }

    void write(ObjectNode request) throws BadRequest {
        List<Message> messages = conversation.messages();
        int question = conversation.lastQuestion();
        int from = 0;
        boolean apart = !messages.isEmpty()
                && (own ? conversation.startsApart() : messages.getFirst().role() == Message.Role.SYSTEM);
        if (apart) {
            request.put("instructions", words(messages.getFirst(), conversation.place(0)));
            from = 1;
        }
        for (int i = from; i < messages.size(); i++) {
            Message message = messages.get(i);
            String place = conversation.place(i);
            message.extras().refuseNeeded(Dialect.RESPONSES, place);
            String path = place.equals("system") ? place : place + ".content";
            switch (message.role()) {
                case SYSTEM -> said(role(message), "input_text", message, message.parts(), path);
                case USER -> user(message, path);
                case ASSISTANT -> assistant(message, path, own || i > question);
            }
        }
        request.set("input", items);
    }

    private static String words(Message message, String path) throws BadRequest {
        StringBuilder text = new StringBuilder();
        for (Part part : message.parts()) {
            String said = PartText.of(part, Dialect.RESPONSES, path);
            text.append(text.isEmpty() || said.isEmpty() ? "" : "\n\n").append(said);
        }
        return text.toString();
    }

    private static String role(Message message) {
        JsonNode role = message.extras().of(Dialect.RESPONSES).get("role");
        return role == null ? "system" : role.asString("system");
    }

    /// The results of tools first, wherever they stand.
    private void user(Message message, String path) throws BadRequest {
        List<Part> rest = new ArrayList<>();
        for (int i = 0; i < message.parts().size(); i++) {
            Part part = message.parts().get(i);
            if (part instanceof Part.ToolResult result) {
                result(result, path + '[' + i + ']');
            } else if (part instanceof Part.Foreign foreign && isItem(foreign)) {
                items.add(foreign.json());
            } else {
                rest.add(part);
            }
        }
        if (!rest.isEmpty() || (own && message.parts().isEmpty())) {
            said("user", "input_text", message, rest, path);
        }
    }

    /// Items and parts of messages that only this format knows look alike here; parts begin with `input_`.
    private static boolean isItem(Part.Foreign foreign) {
        return foreign.dialect() == Dialect.RESPONSES && !foreign.type().startsWith("input_");
    }

    private void said(String role, String type, Message message, List<Part> parts, String path) throws BadRequest {
        ArrayNode content = content(parts, type, path);
        JsonNode only = content.path(0);
        boolean plain = content.size() == 1 && only.size() == 2 && only.has("text");
        ObjectNode item = items.addObject().put("type", "message").put("role", role);
        item.set("content", plain ? only.path("text") : content);
        message.extras().of(Dialect.RESPONSES).forEach(item::set);
    }

    private ArrayNode content(List<Part> parts, String type, String path) throws BadRequest {
        ArrayNode content = Json.object().putArray("content");
        for (int i = 0; i < parts.size(); i++) {
            part(parts.get(i), type, path + '[' + i + ']', content);
        }
        return content;
    }

    private void part(Part part, String type, String path, ArrayNode content) throws BadRequest {
        part.extras().refuseNeeded(Dialect.RESPONSES, path);
        switch (part) {
            case Part.Image image -> image(image, path, add(content, "input_image", part));
            case Part.Foreign foreign when foreign.dialect() == Dialect.RESPONSES -> content.add(foreign.json());
            case Part.Document document
            when !PartText.is(part, Dialect.RESPONSES) -> document(document, type, path, content);
            case Part.Refusal refusal
            when type.equals("output_text") -> add(content, "refusal", part).put("refusal", refusal.text());
            default -> add(content, type, part).put("text", PartText.of(part, Dialect.RESPONSES, path));
        }
    }

    private static ObjectNode add(ArrayNode content, String type, Part part) {
        ObjectNode node = content.addObject().put("type", type);
        part.extras().of(Dialect.RESPONSES).forEach(node::set);
        return node;
    }

    private void image(Part.Image image, String path, ObjectNode part) throws BadRequest {
        switch (image.media()) {
            case Media.Inline inline -> part.put("image_url", DataUrl.write(inline, "image/png"));
            case Media.Link(String url) -> part.put("image_url", url);
            case Media.Stored(String id) when own -> part.put("file_id", id);
            case Media.Plain _, Media.Pieces _, Media.Stored _ -> throw PartText.refusal(image, path);
        }
        if (image.detail() != null) {
            part.put("detail", image.detail());
        }
    }

    /// Pieces that hold images become parts one by one.
    private void document(Part.Document document, String type, String path, ArrayNode content) throws BadRequest {
        if (document.media() instanceof Media.Pieces(List<Part> pieces)) {
            for (Part piece : pieces) {
                part(piece, type, path, content);
            }
        } else {
            file(document, path, add(content, "input_file", document));
        }
    }

    private void file(Part.Document document, String path, ObjectNode part) throws BadRequest {
        if (document.title() != null) {
            part.put("filename", document.title());
        } else if (!own) {
            part.put("filename", "document.pdf");
        }
        switch (document.media()) {
            case Media.Inline inline -> part.put("file_data", DataUrl.write(inline, "application/pdf"));
            case Media.Link(String url) when own -> part.put(DataUrl.is(url) ? "file_data" : "file_url", url);
            case Media.Stored(String id) when own -> part.put("file_id", id);
            case Media.Link _, Media.Stored _, Media.Plain _, Media.Pieces _ -> throw PartText.refusal(document, path);
        }
    }

    private void result(Part.ToolResult result, String path) throws BadRequest {
        result.extras().refuseNeeded(Dialect.RESPONSES, path);
        ObjectNode item = items.addObject().put("type", "function_call_output").put("call_id", callId(result));
        ArrayNode content = content(result.content(), "input_text", path + ".content");
        boolean plain = true;
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            plain &= part.size() == 2 && part.has("text");
            text.append(text.isEmpty() ? "" : "\n").append(part.path("text").asString(""));
        }
        if (plain && (!own || content.size() <= 1)) {
            item.put("output", PartText.told(result, text.toString()));
        } else {
            item.set("output", content);
        }
        result.extras().of(Dialect.RESPONSES).forEach(item::set);
    }

    private String callId(Part.ToolResult result) {
        if (!result.callId().isEmpty()) {
            return result.callId();
        }
        Deque<String> waiting = madeUp.get(String.valueOf(result.name()));
        String first = waiting == null ? null : waiting.poll();
        return first == null ? "call_" + calls++ : first;
    }

    /// @param thinks whether it is part of what the model is still at work on
    private void assistant(Message message, String path, boolean thinks) throws BadRequest {
        List<Part> said = new ArrayList<>();
        boolean alone = message.parts().isEmpty() && own;
        for (int i = 0; i < message.parts().size(); i++) {
            Part part = message.parts().get(i);
            ObjectNode item = item(part, path + '[' + i + ']', thinks);
            if (item == null && isSpoken(part)) {
                said.add(part);
            } else if (item != null) {
                flush(message, said, path);
                items.add(item);
            }
        }
        flush(message, said, path);
        if (alone) {
            said("assistant", "output_text", message, List.of(), path);
        }
    }

    private static boolean isSpoken(Part part) {
        return !(part instanceof Part.Thinking) && !(part instanceof Part.RedactedThinking);
    }

    private void flush(Message message, List<Part> said, String path) throws BadRequest {
        if (!said.isEmpty()) {
            said("assistant", "output_text", message, said, path);
            said.clear();
        }
    }

    /// Null for what is part of a message, or is left out.
    private @Nullable ObjectNode item(Part part, String path, boolean thinks) throws BadRequest {
        return switch (part) {
            case Part.ToolCall call -> call(call, path);
            case Part.Thinking thought when thinks -> thought(thought);
            case Part.RedactedThinking thought when own -> redacted(thought);
            case Part.Foreign foreign when isItem(foreign) -> (ObjectNode) foreign.json();
            default -> null;
        };
    }

    private ObjectNode call(Part.ToolCall call, String path) throws BadRequest {
        call.extras().refuseNeeded(Dialect.RESPONSES, path);
        String id = call.id();
        if (id.isEmpty()) {
            id = "call_" + calls++;
            madeUp.computeIfAbsent(call.name(), _ -> new ArrayDeque<>()).add(id);
        }
        ObjectNode item = Json.object().put("type", "function_call").put("call_id", id);
        boolean nothing = call.arguments().isBlank() && !own;
        item.put("name", call.name()).put("arguments", nothing ? "{}" : call.arguments());
        call.extras().of(Dialect.RESPONSES).forEach(item::set);
        return item;
    }

    /// Signatures of other makers mean nothing to this one.
    private ObjectNode thought(Part.Thinking thought) {
        Extras extras = thought.extras();
        ObjectNode item = Json.object().put("type", "reasoning");
        if (extras.dialect() != Dialect.RESPONSES) {
            item.put("id", "rs_" + thoughts++);
            item.putArray("summary").addObject().put("type", "summary_text").put("text", thought.text());
            return item;
        }
        extras.of(Dialect.RESPONSES).forEach(item::set);
        if (thought.signature() != null) {
            item.put("encrypted_content", thought.signature());
        }
        return item;
    }

    private static ObjectNode redacted(Part.RedactedThinking thought) {
        ObjectNode item = Json.object().put("type", "reasoning");
        thought.extras().of(Dialect.RESPONSES).forEach(item::set);
        return thought.data().isEmpty() ? item : item.put("encrypted_content", thought.data());
    }
}
