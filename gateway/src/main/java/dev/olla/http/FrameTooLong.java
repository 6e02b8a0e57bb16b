package dev.olla.http;

/// A line or an event of a stream is longer than it may be.
public final class FrameTooLong extends Exception {

    private static final long serialVersionUID = 1;

    FrameTooLong(int limit) {
        super("a line or an event is longer than " + limit + " bytes", null, false, false);
    }
}
