package dev.olla.dialect.openai;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.DataUrl;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Json;
import dev.olla.dialect.Media;
import dev.olla.dialect.Part;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes the parts of a message for Chat Completions.
///
/// @param files whether the server takes `file` parts
record ChatPartWriter(boolean files) {

    /// Whether the part can be told in words.
    boolean isText(Part part) {
        return switch (part) {
            case Part.Text _, Part.Refusal _ -> true;
            case Part.Foreign foreign -> foreign.dialect() != Dialect.OPENAI && foreign.text() != null;
            case Part.Document document -> isText(document.media());
            case Part.Image _, Part.Thinking _, Part.RedactedThinking _, Part.ToolCall _, Part.ToolResult _ -> false;
        };
    }

    private boolean isText(Media media) {
        return switch (media) {
            case Media.Plain _ -> true;
            case Media.Pieces(List<Part> parts) -> parts.stream().allMatch(this::isText);
            case Media.Inline _, Media.Link _, Media.Stored _ -> false;
        };
    }

    /// The part in words.
    ///
    /// @throws BadRequest where it can't be told so
    String text(Part part, String path) throws BadRequest {
        part.extras().refuseNeeded(Dialect.OPENAI, path);
        return switch (part) {
            case Part.Text text -> text.text();
            case Part.Refusal text -> text.text();
            case Part.Foreign foreign when isText(foreign) -> String.valueOf(foreign.text());
            case Part.Document document when isText(document) -> headed(document, path);
            default -> throw refused(part, path);
        };
    }

    private String headed(Part.Document document, String path) throws BadRequest {
        StringBuilder text = new StringBuilder(heading(document));
        switch (document.media()) {
            case Media.Plain(String plain) -> text.append(plain);
            case Media.Pieces(List<Part> parts) -> {
                String separator = "";
                for (Part part : parts) {
                    text.append(separator).append(text(part, path));
                    separator = "\n";
                }
            }
            case Media.Inline _, Media.Link _, Media.Stored _ -> throw refused(document, path);
        }
        return text.toString();
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

    void write(Part part, String path, ArrayNode out) throws BadRequest {
        part.extras().refuseNeeded(Dialect.OPENAI, path);
        switch (part) {
            case Part.Refusal refusal
            when refusal.extras().dialect() == Dialect.OPENAI ->
                add(out, "refusal", part).put("refusal", refusal.text());
            case Part.Image image -> image(image, path, add(out, "image_url", part));
            case Part.Document document when !isText(document) -> document(document, path, out);
            case Part.Foreign own when own.dialect() == Dialect.OPENAI -> out.add(own.json());
            default -> add(out, "text", part).put("text", text(part, path));
        }
    }

    private static ObjectNode add(ArrayNode out, String type, Part part) {
        ObjectNode node = out.addObject().put("type", type);
        part.extras().of(Dialect.OPENAI).forEach(node::set);
        return node;
    }

    private static void image(Part.Image image, String path, ObjectNode part) throws BadRequest {
        ObjectNode address = part.putObject("image_url").put("url", url(image.media(), path));
        if (image.detail() != null) {
            address.put("detail", image.detail());
        }
    }

    private static String url(Media media, String path) throws BadRequest {
        return switch (media) {
            case Media.Inline inline -> DataUrl.write(inline, "image/png");
            case Media.Link link -> link.url();
            case Media.Plain _, Media.Pieces _, Media.Stored _ ->
                throw BadRequest.untranslatable(
                        path, "an image from a source that the server of this model can't read");
        };
    }

    /// Pieces that hold images become parts one by one.
    private void document(Part.Document document, String path, ArrayNode out) throws BadRequest {
        if (document.media() instanceof Media.Pieces(List<Part> parts)) {
            String heading = heading(document);
            if (!heading.isEmpty()) {
                out.addObject().put("type", "text").put("text", heading.strip());
            }
            for (Part part : parts) {
                write(part, path, out);
            }
            return;
        }
        ObjectNode file = file(document);
        if (file == null) {
            throw refused(document, path);
        }
        add(out, "file", document).set("file", file);
    }

    /// Null where the server can't have it. What a link leads to is never fetched.
    private @Nullable ObjectNode file(Part.Document document) {
        boolean own = document.extras().dialect() == Dialect.OPENAI;
        if (document.media() instanceof Media.Inline inline && files) {
            String title = document.title();
            ObjectNode file = Json.object();
            if (title != null || !own) {
                file.put("filename", title == null ? "document.pdf" : title);
            }
            return file.put("file_data", DataUrl.write(inline, "application/pdf"));
        }
        if (document.media() instanceof Media.Link(String data) && own) {
            ObjectNode file = Json.object();
            return document.title() == null
                    ? file.put("file_data", data)
                    : file.put("filename", document.title()).put("file_data", data);
        }
        if (document.media() instanceof Media.Stored(String id) && own) {
            ObjectNode file = Json.object().put("file_id", id);
            return document.title() == null ? file : file.put("filename", document.title());
        }
        return null;
    }

    private static BadRequest refused(Part part, String path) {
        String kind = switch (part) {
            case Part.Document _ -> "a document from a source that the server of this model can't read";
            case Part.Foreign foreign -> "a block of type " + foreign.type() + ", which can't be translated";
            case Part.Image _ -> "an image where only text can be";
            case Part.Text _,
                    Part.Refusal _,
                    Part.Thinking _,
                    Part.RedactedThinking _,
                    Part.ToolCall _,
                    Part.ToolResult _ -> "a block that can't be here";
        };
        return BadRequest.untranslatable(path, kind);
    }
}
