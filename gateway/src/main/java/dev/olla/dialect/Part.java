package dev.olla.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A piece of a message or of an answer.
public sealed interface Part {

    /// Fields that this model has no word for, for instance `cache_control`.
    Extras extras();

    record Text(String text, Extras extras) implements Part {
        public Text(String text) {
            this(text, Extras.NONE);
        }
    }

    /// @param detail how closely to look: `low`, `high` or `auto`; null where the client doesn't say
    record Image(Media media, @Nullable String detail, Extras extras) implements Part {
        public Image(Media media) {
            this(media, null, Extras.NONE);
        }
    }

    /// A text or a file to read.
    ///
    /// @param title null where it has none
    /// @param context what the client says about it; null where it says nothing
    record Document(
            Media media, @Nullable String title, @Nullable String context, Extras extras) implements Part {}

    /// What the model thought before it answered.
    ///
    /// @param signature by which the model's maker knows its own thought again; null where there is none
    record Thinking(String text, @Nullable String signature, Extras extras) implements Part {
        public Thinking(String text) {
            this(text, null, Extras.NONE);
        }
    }

    /// A thought that only its maker can read.
    record RedactedThinking(String data, Extras extras) implements Part {}

    /// The model wants a tool used.
    ///
    /// @param id by which the result refers to the call; empty where the format has none
    /// @param arguments a JSON text, as the model wrote it; not necessarily valid
    record ToolCall(String id, String name, String arguments, Extras extras) implements Part {
        public ToolCall(String id, String name, String arguments) {
            this(id, name, arguments, Extras.NONE);
        }
    }

    /// What a tool gave.
    ///
    /// @param callId the id of the call; empty where the format has none
    /// @param name the tool's; null where only the id is known
    /// @param content text, images and documents
    /// @param error whether the tool failed
    record ToolResult(String callId, @Nullable String name, List<Part> content, boolean error, Extras extras)
            implements Part {
        public ToolResult {
            content = List.copyOf(content);
        }
    }

    /// The model declines to answer.
    record Refusal(String text, Extras extras) implements Part {
        public Refusal(String text) {
            this(text, Extras.NONE);
        }
    }

    /// A part of a kind that only its own format knows.
    ///
    /// @param dialect whose it is
    /// @param type as that format calls it, for messages
    /// @param text what another format may say in its place; null where nothing will do and it has to refuse
    record Foreign(
            Dialect dialect,
            String type,
            JsonNode json,
            @Nullable String text) implements Part {
        @Override
        public Extras extras() {
            return Extras.NONE;
        }
    }
}
