package dev.olla.dialect;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// How one format reads one part of a message.
public interface PartReader {

    Part read(JsonFields part) throws BadRequest;

    /// Reads the content of a message: a text, or a list of parts. An empty text is no part at all.
    ///
    /// @param path of the content
    /// @param ofText what a lone text is said to carry besides
    /// @throws BadRequest where it is neither
    static List<Part> content(JsonNode content, String path, Extras ofText, PartReader reader) throws BadRequest {
        if (content.isString()) {
            return content.stringValue().isEmpty() ? List.of() : List.of(new Part.Text(content.stringValue(), ofText));
        }
        if (!content.isArray()) {
            throw JsonFields.wrongType(path, "a string or an array", content);
        }
        List<Part> parts = new ArrayList<>();
        for (JsonNode element : content) {
            parts.add(reader.read(JsonFields.of(element, path + '[' + parts.size() + ']')));
        }
        return parts;
    }
}
