package dev.olla.dialect;

import org.jspecify.annotations.Nullable;

/// A request that can't be read, or that can't be put into the format of the server chosen: the caller's 400.
///
/// @see #field
public final class BadRequest extends Exception {

    private static final long serialVersionUID = 1;

    private final @Nullable String field;

    /// @param field the path of the field, for instance `messages[2].content`; null when it is the body as a whole
    /// @param message for the caller; quotes no content
    public BadRequest(@Nullable String field, String message) {
        super(message, null, false, false);
        this.field = field;
    }

    /// Null when it is the body as a whole.
    public @Nullable String field() {
        return field;
    }

    /// Never null here.
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
