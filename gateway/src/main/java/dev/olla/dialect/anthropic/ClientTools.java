package dev.olla.dialect.anthropic;

import dev.olla.dialect.Extras;
import dev.olla.dialect.Json;
import dev.olla.dialect.Tool;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Anthropic's tools that the client runs and that come without a schema, since its models know them: the same as
/// functions with their published arguments, for models that don't.
final class ClientTools {

    private static final String STRING = "string";
    private static final String INTEGER = "integer";
    private static final String PATH = "path";

    private ClientTools() {}

    /// @param type for instance `bash_20250124`
    /// @return null where the service runs the tool
    static Tool.@Nullable Function function(String type, String name, JsonNode tool) {
        String kind = type.replaceFirst("_\\d{8}$", "");
        return switch (kind) {
            case "bash" -> of(name, "Run a command in a persistent bash session.", bash());
            case "text_editor" ->
                of(name, "View, create and edit text files.", textEditor(type.compareTo("text_editor_20250429") < 0));
            case "memory" -> of(name, "Read and change files in the memory directory /memories.", memory());
            case "computer" -> of(name, screen(tool), computer());
            default -> null;
        };
    }

    private static Tool.Function of(String name, String description, ObjectNode schema) {
        return new Tool.Function(name, description, schema, null, Extras.NONE);
    }

    private static ObjectNode bash() {
        ObjectNode schema = schema();
        property(schema, "command", STRING, "The bash command to run. Required unless restart is true.");
        property(schema, "restart", "boolean", "Restart the session instead of running a command.");
        return schema;
    }

    /// @param older whether edits can be undone, and the text to insert is called `new_str`
    private static ObjectNode textEditor(boolean older) {
        ObjectNode schema = schema("command", PATH);
        if (older) {
            choice(schema, "command", "view", "create", "str_replace", "insert", "undo_edit");
        } else {
            choice(schema, "command", "view", "create", "str_replace", "insert");
        }
        property(schema, PATH, STRING, "Absolute path of the file or directory.");
        file(schema);
        if (!older) {
            property(schema, "insert_text", STRING, "For insert: the text.");
        }
        return schema;
    }

    private static ObjectNode memory() {
        ObjectNode schema = schema("command");
        choice(schema, "command", "view", "create", "str_replace", "insert", "delete", "rename");
        property(schema, PATH, STRING, "Path below /memories. Required except for rename.");
        file(schema);
        property(schema, "insert_text", STRING, "For insert: the text.");
        property(schema, "old_path", STRING, "For rename: the present path.");
        property(schema, "new_path", STRING, "For rename: the new path.");
        return schema;
    }

    private static void file(ObjectNode schema) {
        ObjectNode range = property(schema, "view_range", "array", "For view: the first and the last line, from 1.");
        range.putObject("items").put("type", INTEGER);
        property(schema, "file_text", STRING, "For create: the content.");
        property(schema, "old_str", STRING, "For str_replace: the text to replace, which must occur once.");
        property(schema, "new_str", STRING, "For str_replace: the new text.");
        property(schema, "insert_line", INTEGER, "For insert: the line after which to insert; 0 is the beginning.");
    }

    private static String screen(JsonNode tool) {
        JsonNode width = tool.path("display_width_px");
        JsonNode height = tool.path("display_height_px");
        String size = width.isInt() && height.isInt()
                ? " The screen is " + width.intValue() + " by " + height.intValue() + " pixels."
                : "";
        return "Use the mouse and the keyboard, and take screenshots." + size;
    }

    private static ObjectNode computer() {
        ObjectNode schema = schema("action");
        choice(
                schema,
                "action",
                "screenshot",
                "left_click",
                "right_click",
                "middle_click",
                "double_click",
                "triple_click",
                "left_click_drag",
                "left_mouse_down",
                "left_mouse_up",
                "mouse_move",
                "cursor_position",
                "scroll",
                "type",
                "key",
                "hold_key",
                "wait",
                "zoom");
        point(schema, "coordinate", "x and y in pixels.");
        point(schema, "start_coordinate", "For left_click_drag: where it begins.");
        property(schema, "text", STRING, "What to type, or which keys to press.");
        choice(schema, "scroll_direction", "up", "down", "left", "right");
        property(schema, "scroll_amount", INTEGER, "For scroll: how many clicks of the wheel.");
        property(schema, "duration", "number", "For hold_key and wait: seconds.");
        point(schema, "region", "For zoom: left, top, right and bottom in pixels.");
        return schema;
    }

    private static ObjectNode schema(String... required) {
        ObjectNode schema = Json.object().put("type", "object");
        schema.putObject("properties");
        if (required.length > 0) {
            for (String name : required) {
                schema.withArray("required").add(name);
            }
        }
        return schema;
    }

    private static ObjectNode property(ObjectNode schema, String name, String type, String description) {
        ObjectNode property = (ObjectNode) schema.path("properties");
        return property.putObject(name).put("type", type).put("description", description);
    }

    private static void point(ObjectNode schema, String name, String description) {
        property(schema, name, "array", description).putObject("items").put("type", INTEGER);
    }

    private static void choice(ObjectNode schema, String name, String... words) {
        ObjectNode property =
                ((ObjectNode) schema.path("properties")).putObject(name).put("type", STRING);
        for (String word : words) {
            property.withArray("enum").add(word);
        }
    }
}
