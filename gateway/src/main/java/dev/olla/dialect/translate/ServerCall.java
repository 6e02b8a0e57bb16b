package dev.olla.dialect.translate;

import dev.olla.dialect.ApiCall;
import dev.olla.http.Body;
import tools.jackson.databind.node.ObjectNode;

/// What a translated request comes to at one server.
public sealed interface ServerCall {

    /// The server is asked.
    ///
    /// @param call that the server understands
    /// @param body of the request; belongs to the caller
    /// @param answer takes the server's answer
    record Made(ApiCall call, Body body, AnswerTranslation answer) implements ServerCall {}

    /// The server has no notion of it, and needn't: the answer is known.
    record Needless(ObjectNode document) implements ServerCall {}
}
