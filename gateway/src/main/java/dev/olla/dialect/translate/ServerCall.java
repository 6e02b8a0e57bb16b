package dev.olla.dialect.translate;

import dev.olla.dialect.ApiCall;

/// What a translated request comes to at one server.
public sealed interface ServerCall {

    /// The server is asked.
    ///
    /// @param call that the server understands
    /// @param body of the request, in UTF-8
    /// @param answer takes the server's answer
    record Made(ApiCall call, byte[] body, AnswerTranslation answer) implements ServerCall {}

    /// The server has no notion of it, and needn't: the answer is known.
    ///
    /// @param document in JSON
    record Needless(byte[] document) implements ServerCall {}
}
