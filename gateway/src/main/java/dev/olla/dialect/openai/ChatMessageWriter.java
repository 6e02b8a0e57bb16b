package dev.olla.dialect.openai;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Extras;
import dev.olla.dialect.Json;
import dev.olla.dialect.Message;
import dev.olla.dialect.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes the messages of one request for Chat Completions.
///
/// Turns of other formats are merged where one side speaks twice in a row, since many templates insist on turns
/// that alternate. OpenAI's own stay as they are.
final class ChatMessageWriter {

    private final Conversation conversation;
    private final @Nullable String thoughtField;
    private final ChatPartWriter partWriter;
    private final boolean own;
    private final ArrayNode out = Json.object().putArray("messages");

    ChatMessageWriter(Conversation conversation, Abilities abilities) {
        this.conversation = conversation;
        own = conversation.origin() == Dialect.OPENAI;
        thoughtField = thoughtField(abilities, own);
        partWriter = new ChatPartWriter(own || abilities.takes("file"));
    }

    /// Null where past thoughts are dropped.
    private static @Nullable String thoughtField(Abilities abilities, boolean own) {
        if (abilities.takes("reasoning")) {
            return "reasoning";
        }
        boolean template = abilities.takes("reasoning_content") || abilities.takes("chat_template_kwargs");
        return own || template ? "reasoning_content" : null;
    }

    ArrayNode write() throws BadRequest {
        List<Turn> turns = turns();
        int loop = toolLoop(turns);
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            switch (turn.role) {
                case SYSTEM -> system(turn);
                case USER -> user(turn);
                case ASSISTANT -> assistant(turn, own || i > loop);
            }
        }
        return out;
    }

    private List<Turn> turns() throws BadRequest {
        List<Turn> turns = new ArrayList<>();
        List<Message> messages = conversation.messages();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            String place = conversation.place(i);
            message.extras().refuseNeeded(Dialect.OPENAI, place);
            Turn last = turns.isEmpty() ? null : turns.getLast();
            if (own || last == null || last.role != message.role()) {
                last = new Turn(message.role(), message.extras());
                turns.add(last);
            }
            last.add(message.parts(), place);
        }
        return turns;
    }

    /// The last turn in which the user, and not just a tool, has spoken.
    private static int toolLoop(List<Turn> turns) {
        for (int i = turns.size() - 1; i >= 0; i--) {
            Turn turn = turns.get(i);
            if (turn.role == Message.Role.USER
                    && turn.parts.stream().noneMatch(placed -> placed.part() instanceof Part.ToolResult)) {
                return i;
            }
        }
        return -1;
    }

    private void system(Turn turn) throws BadRequest {
        String role = turn.extras.of(Dialect.OPENAI).containsKey("role") ? "developer" : "system";
        if (own) {
            said(role, turn, turn.parts);
            return;
        }
        StringBuilder text = new StringBuilder();
        for (Placed placed : turn.parts) {
            String piece = partWriter.text(placed.part(), placed.path());
            text.append(text.isEmpty() || piece.isEmpty() ? "" : "\n\n").append(piece);
        }
        if (!text.isEmpty()) {
            out.addObject().put("role", role).put("content", text.toString());
        }
    }

    /// The results of tools first, wherever they stand, then what the tools have shown, then what the user says.
    private void user(Turn turn) throws BadRequest {
        List<Placed> said = new ArrayList<>();
        for (Placed placed : turn.parts) {
            if (placed.part() instanceof Part.ToolResult result) {
                result(turn, result, placed.path(), said);
            }
        }
        turn.parts.stream()
                .filter(placed -> !(placed.part() instanceof Part.ToolResult))
                .forEach(said::add);
        if (!said.isEmpty() || (own && turn.parts.isEmpty())) {
            said("user", turn, said);
        }
    }

    private void result(Turn turn, Part.ToolResult result, String path, List<Placed> lifted) throws BadRequest {
        result.extras().refuseNeeded(Dialect.OPENAI, path);
        boolean legacy = result.callId().isEmpty() && result.name() != null;
        ObjectNode message = out.addObject().put("role", legacy ? "function" : "tool");
        if (legacy || (own && result.name() != null)) {
            message.put("name", result.name());
        }
        if (!legacy) {
            message.put("tool_call_id", result.callId());
        }
        message.set("content", own ? content(placed(result.content(), path)) : text(result, path, lifted));
        turn.extras.of(Dialect.OPENAI).forEach(message::set);
    }

    private JsonNode text(Part.ToolResult result, String path, List<Placed> lifted) throws BadRequest {
        StringBuilder text = new StringBuilder();
        for (Placed placed : placed(result.content(), path)) {
            if (partWriter.isText(placed.part())) {
                text.append(text.isEmpty() ? "" : "\n").append(partWriter.text(placed.part(), placed.path()));
            } else {
                lifted.add(placed);
            }
        }
        boolean says = text.substring(0, Math.min(5, text.length()))
                .toLowerCase(Locale.ROOT)
                .equals("error");
        return Json.object().stringNode(result.error() && !says ? "Error: " + text : text.toString());
    }

    private static List<Placed> placed(List<Part> parts, String path) {
        List<Placed> all = new ArrayList<>();
        for (Part part : parts) {
            all.add(new Placed(part, path + ".content[" + all.size() + ']'));
        }
        return all;
    }

    private void said(String role, Turn turn, List<Placed> parts) throws BadRequest {
        JsonNode content = content(parts);
        ObjectNode message = out.addObject().put("role", role);
        message.set("content", content);
        turn.extras.of(Dialect.OPENAI).forEach((name, value) -> {
            if (!name.equals("role")) {
                message.set(name, value);
            }
        });
    }

    /// One text is a string; anything else is a list of parts.
    private JsonNode content(List<Placed> parts) throws BadRequest {
        ArrayNode list = Json.object().putArray("content");
        for (Placed placed : parts) {
            partWriter.write(placed.part(), placed.path(), list);
        }
        if (list.isEmpty()) {
            return list.stringNode("");
        }
        JsonNode only = list.path(0);
        boolean plain = list.size() == 1 && only.size() == 2 && only.has("text");
        return plain ? only.path("text") : list;
    }

    /// @param thinks whether it is part of what the model is still at work on
    private void assistant(Turn turn, boolean thinks) throws BadRequest {
        StringBuilder thoughts = new StringBuilder();
        List<Placed> said = new ArrayList<>();
        ArrayNode calls = Json.object().putArray("tool_calls");
        ObjectNode message = Json.object().put("role", "assistant");
        for (Placed placed : turn.parts) {
            switch (placed.part()) {
                case Part.Thinking thought -> thoughts.append(thought.text());
                case Part.RedactedThinking _ -> {
                    // Only its maker can read it.
                }
                case Part.ToolCall call -> call(call, placed.path(), message, calls);
                case Part.Foreign foreign when foreign.dialect() == Dialect.OPENAI -> calls.add(foreign.json());
                default -> said.add(placed);
            }
        }
        message.set("content", said.isEmpty() ? message.nullNode() : spoken(said));
        if (thoughtField != null && thinks && !thoughts.isEmpty()) {
            message.put(thoughtField, thoughts.toString());
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        turn.extras.of(Dialect.OPENAI).forEach(message::set);
        boolean nothing = said.isEmpty() && calls.isEmpty() && !message.has("function_call");
        if (!nothing || own) {
            out.add(message);
        }
    }

    /// Other formats' texts are one text: few templates take an assistant's parts.
    private JsonNode spoken(List<Placed> said) throws BadRequest {
        if (own) {
            return content(said);
        }
        StringBuilder text = new StringBuilder();
        for (Placed placed : said) {
            text.append(partWriter.text(placed.part(), placed.path()));
        }
        return Json.object().stringNode(text.toString());
    }

    /// A call without an id is one of the time before there were tools.
    private void call(Part.ToolCall call, String path, ObjectNode message, ArrayNode calls) throws BadRequest {
        call.extras().refuseNeeded(Dialect.OPENAI, path);
        ObjectNode entry = ChatDocumentWriter.call(call);
        if (call.id().isEmpty()) {
            message.set("function_call", entry.path("function"));
            return;
        }
        call.extras().of(Dialect.OPENAI).forEach(entry::set);
        calls.add(entry);
    }

    /// A part and where the client finds it.
    record Placed(Part part, String path) {}

    /// What one side says without being interrupted.
    private static final class Turn {
        private final Message.Role role;
        private final Extras extras;
        private final List<Placed> parts = new ArrayList<>();

        Turn(Message.Role role, Extras extras) {
            this.role = role;
            this.extras = extras;
        }

        void add(List<Part> more, String place) {
            String path = place.equals("system") ? place : place + ".content";
            int position = 0;
            for (Part part : more) {
                parts.add(new Placed(part, path + '[' + position++ + ']'));
            }
        }
    }
}
