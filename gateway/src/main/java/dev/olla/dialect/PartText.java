package dev.olla.dialect;

import java.util.List;

/// What parts say in words, for the places in which a format takes nothing else.
public final class PartText {

    private PartText() {}

    /// Whether the part can be told in words.
    ///
    /// @param target the format about to be written
    public static boolean is(Part part, Dialect target) {
        return switch (part) {
            case Part.Text _, Part.Refusal _ -> true;
            case Part.Foreign foreign -> foreign.dialect() != target && foreign.text() != null;
            case Part.Document document -> is(document.media(), target);
            case Part.Image _, Part.Thinking _, Part.RedactedThinking _, Part.ToolCall _, Part.ToolResult _ -> false;
        };
    }

    private static boolean is(Media media, Dialect target) {
        return switch (media) {
            case Media.Plain _ -> true;
            case Media.Pieces(List<Part> parts) -> parts.stream().allMatch(part -> is(part, target));
            case Media.Inline _, Media.Link _, Media.Stored _ -> false;
        };
    }

    /// @param path where the client finds the part
    /// @throws BadRequest where it can't be told so
    public static String of(Part part, Dialect target, String path) throws BadRequest {
        part.extras().refuseNeeded(target, path);
        return switch (part) {
            case Part.Text text -> text.text();
            case Part.Refusal text -> text.text();
            case Part.Foreign foreign when is(foreign, target) -> String.valueOf(foreign.text());
            case Part.Document document when is(document, target) -> heading(document) + body(document, target, path);
            default -> throw refusal(part, path);
        };
    }

    private static String heading(Part.Document document) {
        StringBuilder text = new StringBuilder();
        if (document.title() != null) {
            text.append("Document: ").append(document.title()).append('\n');
        }
        if (document.context() != null) {
            text.append("Context: ").append(document.context()).append('\n');
        }
        return text.isEmpty() ? "" : text.append('\n').toString();
    }

    private static String body(Part.Document document, Dialect target, String path) throws BadRequest {
        if (document.media() instanceof Media.Plain(String plain)) {
            return plain;
        }
        StringBuilder text = new StringBuilder();
        if (document.media() instanceof Media.Pieces(List<Part> parts)) {
            for (Part part : parts) {
                text.append(text.isEmpty() ? "" : "\n").append(of(part, target, path));
            }
        }
        return text.toString();
    }

    /// Says what can't be where it is.
    public static BadRequest refusal(Part part, String path) {
        String kind = switch (part) {
            case Part.Document _ -> "a document from a source that the server of this model can't read";
            case Part.Foreign foreign -> "a part of type " + foreign.type() + ", which can't be translated";
            case Part.Image _ -> "an image from a source that the server of this model can't read";
            case Part.Text _,
                    Part.Refusal _,
                    Part.Thinking _,
                    Part.RedactedThinking _,
                    Part.ToolCall _,
                    Part.ToolResult _ -> "a part that can't be here";
        };
        return BadRequest.untranslatable(path, kind);
    }

    /// The words of a tool that failed tell so, unless they do by themselves.
    public static String told(Part.ToolResult result, String text) {
        boolean says = text.regionMatches(true, 0, "error", 0, 5);
        return result.error() && !says ? "Error: " + text : text;
    }
}
