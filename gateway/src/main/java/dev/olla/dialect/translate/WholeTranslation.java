package dev.olla.dialect.translate;

import dev.olla.dialect.AnswerEvent;
import org.jspecify.annotations.Nullable;

/// Tells an answer as one document, once all of it is there.
abstract class WholeTranslation implements AnswerTranslation {

    private static final byte[] NOTHING = {};

    private AnswerEvent.@Nullable Failed failed;

    /// Keeps the next bytes, or what they tell.
    abstract void gather(byte[] bytes, int offset, int length);

    /// There is no document.
    ///
    /// @return nothing
    final byte[] fail(AnswerEvent.Failed failure) {
        failed = failure;
        return NOTHING;
    }

    @Override
    public final byte[] read(byte[] bytes, int offset, int length) {
        gather(bytes, offset, length);
        return NOTHING;
    }

    @Override
    public final AnswerEvent.@Nullable Failed failed() {
        return failed;
    }
}
