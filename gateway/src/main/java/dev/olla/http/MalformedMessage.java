package dev.olla.http;

/// A message breaks the syntax of RFC 9112 or a limit; it is answered, never logged with a stack trace.
final class MalformedMessage extends Exception {

    private final RequestProblem.Kind kind;

    MalformedMessage(String message) {
        this(RequestProblem.Kind.MALFORMED, message);
    }

    MalformedMessage(RequestProblem.Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    RequestProblem problem() {
        return new RequestProblem(kind, String.valueOf(getMessage()));
    }
}
