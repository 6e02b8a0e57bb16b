package dev.olla.dialect.translate;

import dev.olla.dialect.AnswerEvent;
import org.jspecify.annotations.Nullable;

/// Tells one server's answer in the format of the client, as it comes. Not safe for several threads.
///
/// Knows of bodies only: an answer whose status is an error is none for it.
public interface AnswerTranslation {

    /// Takes the next bytes of the server's body.
    ///
    /// @return what goes to the client now, in UTF-8; empty when it has to wait for more, and always where the
    ///     client wants a whole document
    byte[] read(byte[] bytes, int offset, int length);

    /// The server's body is over, and was whole as far as HTTP tells.
    ///
    /// @return the rest for the client; to be sent only where nothing has [#failed]
    byte[] end();

    /// Why there is no good answer; null as long as there is. Nothing of a failure has been returned by the other
    /// methods: a client that has heard nothing yet gets an error with its status, another one [ClientAnswer#tell].
    AnswerEvent.@Nullable Failed failed();

    /// How many pieces of the answer couldn't be read and were left out.
    int skipped();
}
