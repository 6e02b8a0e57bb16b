package dev.olla.request.inspect;

import dev.olla.http.Body;
import dev.olla.http.Headers;
import dev.olla.http.Loop;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.json.JsonMapper;

/// Reads what routing needs from a request's body: small ones at once, large ones on a virtual thread.
public final class Inspector {

    private static final int WINDOW = 8 * 1024;

    /// Of larger bodies it isn't told what they need.
    private static final int MAX_FOR_NEEDS = 1024 * 1024;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final int prefixBytes;

    /// @param prefixBytes how much of system prompt and first message counts as the beginning of a conversation;
    ///     zero or less means all of it
    public Inspector(int prefixBytes) {
        this.prefixBytes = prefixBytes;
    }

    /// Inspects the body and hands the result over on the loop.
    ///
    /// @param legacyName whether `name` stands for the model where there is no `model`, as in Ollama's older API
    public void inspect(Body body, Headers headers, boolean legacyName, Loop loop, Consumer<Inspection> result) {
        if (body.isEmpty() || isOtherFormat(headers)) {
            result.accept(Inspection.NONE);
            return;
        }
        body.read(loop, "inspect", () -> scanIfReadable(body, legacyName), result);
    }

    /// A body whose file can't be read back is told about by the attempt to send it.
    private Inspection scanIfReadable(Body body, boolean legacyName) {
        try {
            return scan(body, legacyName);
        } catch (UncheckedIOException _) {
            return Inspection.NONE;
        }
    }

    /// A body is taken for JSON unless its type or coding says that it is something else.
    private static boolean isOtherFormat(Headers headers) {
        String coding = headers.first("Content-Encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            return true;
        }
        String type = headers.first("Content-Type");
        if (type == null) {
            return false;
        }
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.startsWith("multipart/")
                || lower.startsWith("application/octet-stream")
                || lower.startsWith("image/")
                || lower.startsWith("audio/")
                || lower.startsWith("video/");
    }

    Inspection scan(Body body, boolean legacyName) {
        BodyScan scan = new BodyScan(new ConversationScan(prefixBytes));
        byte[] window = new byte[(int) Math.min(WINDOW, body.length())];
        try (InputStream in = body.open()) {
            for (int count = in.read(window); count > 0 && !scan.foreign(); count = in.read(window)) {
                scan.feed(window, count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Inspection found = scan.result(legacyName);
        Inspection inspection = body.length() > MAX_FOR_NEEDS ? found.withoutNeeds() : found;
        boolean clear = inspection.model() != null || inspection.problem() != null;
        return clear ? inspection : readInEarnest(body, inspection);
    }

    /// The scan follows brackets only; a body in which it finds no model is read once more in earnest.
    private static Inspection readInEarnest(Body body, Inspection inspection) {
        String wrongModel = null;
        try (JsonParser parser = JSON.createParser(body.open())) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (depth == 1 && isValue(token) && "model".equals(parser.currentName())) {
                    wrongModel = kind(token);
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            }
            return inspection.withWrongModel(wrongModel);
        } catch (StreamConstraintsException _) {
            // Deeper or longer than the parser cares for is no mistake: the server may judge it.
            return inspection.withWrongModel(wrongModel);
        } catch (JacksonException e) {
            return inspection.withProblem("the body is not valid JSON: " + e.getOriginalMessage());
        }
    }

    private static boolean isValue(JsonToken token) {
        return token != JsonToken.PROPERTY_NAME && !token.isStructEnd();
    }

    private static String kind(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "object";
            case START_ARRAY -> "array";
            case VALUE_STRING -> Inspection.EMPTY_MODEL;
            case VALUE_TRUE, VALUE_FALSE -> "boolean";
            case VALUE_NULL -> "null";
            default -> "number";
        };
    }
}
