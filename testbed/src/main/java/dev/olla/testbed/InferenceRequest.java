package dev.olla.testbed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;

/// What a simulated server needs to know of a request body, read in one scan that serves every dialect.
///
/// Filled by its one thread during `read`, unchanging afterwards.
final class InferenceRequest {

    private final int hash;
    private final List<String> tools = new ArrayList<>();
    private final List<String> inputs = new ArrayList<>();
    private String model = "";
    private @Nullable Boolean stream;
    private int limit = Integer.MAX_VALUE;
    private boolean usageWanted;
    private boolean unloadWanted;
    private String lastUserText = "";
    private long characters;

    private InferenceRequest(int hash) {
        this.hash = hash;
    }

    /// Throws `JacksonException` unless the body is one JSON object.
    static InferenceRequest read(byte[] body) throws JacksonException {
        InferenceRequest request = new InferenceRequest(Arrays.hashCode(body));
        try (JsonParser parser = Json.MAPPER.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new StreamReadException(parser, "the body must be a JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                request.readField(parser);
            }
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "text after the JSON object");
            }
        }
        return request;
    }

    String model() {
        return model;
    }

    boolean stream(boolean otherwise) {
        Boolean asked = stream;
        return asked == null ? otherwise : asked;
    }

    /// The smaller of the server's usual length and the one the request allows, at least 1.
    int tokens(int usual) {
        return Math.max(1, Math.min(usual, limit));
    }

    boolean cutShort(int usual) {
        return limit < usual;
    }

    boolean usageWanted() {
        return usageWanted;
    }

    boolean unloadWanted() {
        return unloadWanted;
    }

    /// No message, prompt or input: how Ollama is asked to load a model and nothing else.
    boolean empty() {
        return characters == 0;
    }

    String lastUserText() {
        return lastUserText;
    }

    List<String> tools() {
        return tools;
    }

    List<String> inputs() {
        return inputs;
    }

    /// A rough count: four characters to the token.
    int promptTokens() {
        return (int) Math.max(1, characters / 4);
    }

    /// A short id that equal requests share.
    String id() {
        return Integer.toHexString(hash | 0x1000_0000);
    }

    /// The same for one of several things in the answer, counted from 0.
    String id(int index) {
        return index == 0 ? id() : id() + '_' + index;
    }

    private void readField(JsonParser parser) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (field) {
            case "model", "name" -> model = value == JsonToken.VALUE_STRING ? parser.getString() : model;
            case "stream" -> stream = value == JsonToken.VALUE_TRUE;
            case "max_tokens", "max_completion_tokens", "num_predict", "n_predict" -> readLimit(parser, value);
            case "include_usage" -> usageWanted = value == JsonToken.VALUE_TRUE;
            case "keep_alive" -> unloadWanted = value == JsonToken.VALUE_NUMBER_INT && parser.getIntValue() == 0;
            case "options", "stream_options" -> readFields(parser, value);
            case "messages" -> readEach(parser, value, this::readMessage);
            case "prompt", "input" -> readInputs(parser, value);
            case "system" -> readContent(parser, value);
            case "tools" -> readEach(parser, value, this::readTool);
            default -> parser.skipChildren();
        }
    }

    private void readFields(JsonParser parser, JsonToken value) {
        if (value != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            readField(parser);
        }
    }

    private void readLimit(JsonParser parser, JsonToken value) {
        if (value == JsonToken.VALUE_NUMBER_INT && parser.getLongValue() > 0) {
            limit = (int) Math.min(Integer.MAX_VALUE, parser.getLongValue());
        }
        parser.skipChildren();
    }

    private static void readEach(JsonParser parser, JsonToken value, ElementReader reader) {
        if (value != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        for (JsonToken element = parser.nextToken(); element != JsonToken.END_ARRAY; element = parser.nextToken()) {
            reader.read(parser, element);
        }
    }

    private void readMessage(JsonParser parser, JsonToken message) {
        if (message != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        String role = "";
        String content = "";
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "role" -> role = parser.getString();
                case "content" -> content = readContent(parser, value);
                default -> parser.skipChildren();
            }
        }
        if (role.equals("user") && !content.isEmpty()) {
            lastUserText = content;
        }
    }

    /// Reads a string, or the texts of an array of parts; answers the last text.
    private String readContent(JsonParser parser, JsonToken value) {
        if (value == JsonToken.VALUE_STRING) {
            String text = parser.getString();
            characters += text.length();
            return text;
        }
        List<String> texts = new ArrayList<>();
        readEach(parser, value, (parts, part) -> {
            String text = readNamed(parts, part, "text");
            characters += text.length();
            if (!text.isEmpty()) {
                texts.add(text);
            }
        });
        return texts.isEmpty() ? "" : texts.getLast();
    }

    private void readInputs(JsonParser parser, JsonToken value) {
        if (value == JsonToken.VALUE_STRING) {
            addInput(parser.getString());
            return;
        }
        readEach(parser, value, (elements, element) -> {
            addInput(element.isScalarValue() ? elements.getString() : element.toString());
            elements.skipChildren();
        });
    }

    private void addInput(String text) {
        inputs.add(text);
        lastUserText = text;
        characters += text.length();
    }

    private void readTool(JsonParser parser, JsonToken tool) {
        String name = readNamed(parser, tool, "name");
        if (!name.isEmpty()) {
            tools.add(name);
        }
    }

    /// The string under `wanted` in this object, or in the object under its `function`.
    private static String readNamed(JsonParser parser, JsonToken object, String wanted) {
        if (object != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return "";
        }
        String found = "";
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals(wanted) && value == JsonToken.VALUE_STRING) {
                found = parser.getString();
            } else if (field.equals("function")) {
                found = readNamed(parser, value, wanted);
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    /// Reads one element of an array, whose first token is given.
    private interface ElementReader {
        void read(JsonParser parser, JsonToken element);
    }
}
