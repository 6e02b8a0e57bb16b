package dev.olla.dialect;

import org.jspecify.annotations.Nullable;

/// A request that can't be read, or that can't be put into the format of the server chosen: the caller's 400.
///
/// @see #field
public final class BadRequest extends Exception {

    /// What is wrong.
    public enum Kind {
        /// It is no JSON, or a field has the wrong type.
        MALFORMED,
        /// A field is missing or out of its range.
        INVALID,
        /// The request is good, but the format of the server can't carry it.
        UNTRANSLATABLE,
        /// It goes on from something that is not there, or not there any more: a 404.
        GONE
    }

    private static final long serialVersionUID = 1;

    private final @Nullable String field;
    private final Kind kind;

    private BadRequest(Kind kind, @Nullable String field, String message) {
        super(message, null, false, false);
        this.field = field;
        this.kind = kind;
    }

    /// @param field the path of the field, for instance `messages[2].content`; null when it is the body as a whole
    /// @param message for the caller; quotes no content
    public static BadRequest malformed(@Nullable String field, String message) {
        return new BadRequest(Kind.MALFORMED, field, message);
    }

    public static BadRequest invalid(@Nullable String field, String message) {
        return new BadRequest(Kind.INVALID, field, message);
    }

    public static BadRequest gone(String field, String message) {
        return new BadRequest(Kind.GONE, field, message);
    }

    /// Says that the server chosen has no word for that field.
    public static BadRequest untranslatable(String field) {
        return untranslatable(field, "not supported by the server that runs this model");
    }

    /// @param why continues "`field` is"
    public static BadRequest untranslatable(String field, String why) {
        return new BadRequest(Kind.UNTRANSLATABLE, field, field + " is " + why);
    }

    public Kind kind() {
        return kind;
    }

    /// Null when it is the body as a whole.
    public @Nullable String field() {
        return field;
    }

    /// Names the field by itself. Never null here.
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
