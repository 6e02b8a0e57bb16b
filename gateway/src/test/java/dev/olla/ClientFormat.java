package dev.olla;

import dev.olla.testbed.RawClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;

/// The formats that clients speak, byte by byte: what they ask, and by what they know how a stream has ended.
enum ClientFormat {
    MESSAGES(
            "/olla/anthropic/v1/messages",
            "\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]",
            "event: message_stop\n",
            "event: error\n",
            "/error/message"),
    CHAT(
            "/olla/openai/v1/chat/completions",
            "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]",
            "data: [DONE]\n",
            "data: {\"error\":{",
            "/error/message"),
    RESPONSES(
            "/olla/openai/v1/responses",
            "\"input\":\"Hi\"",
            "event: response.completed\n",
            "event: response.failed\n",
            "/error/message"),
    OLLAMA(
            "/olla/ollama/api/chat",
            "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]",
            "\"done\":true",
            "{\"error\":\"",
            "/error");

    private final String path;
    private final String question;
    private final String end;
    private final String failure;
    private final String message;

    ClientFormat(String path, String question, String end, String failure, String message) {
        this.path = path;
        this.question = question;
        this.end = end;
        this.failure = failure;
        this.message = message;
    }

    /// A route that translates the format.
    String path() {
        return path;
    }

    /// What tells a client that a stream was whole.
    String end() {
        return end;
    }

    /// What tells a client within a stream that no more comes.
    String failure() {
        return failure;
    }

    /// @param more fields, each followed by a comma
    String body(String model, boolean stream, String more) {
        return "{" + more + "\"model\":\"" + model + "\",\"stream\":" + stream + "," + question + "}";
    }

    String body(String model, boolean stream) {
        return body(model, stream, "");
    }

    /// Asks the model `m` for a stream.
    void stream(RawClient client) throws IOException {
        client.send("POST", path, "Content-Type: application/json\r\n", body("m", true));
    }

    /// Asks the model `m` for a whole document.
    HttpResponse<String> ask(TestGateway gateway) {
        return gateway.post(path, body("m", false));
    }

    /// Where an answer that is an error says why.
    String message(HttpResponse<String> error) {
        JsonNode body = TestGateway.JSON.readTree(error.body());
        return body.at(message).asString("");
    }
}
