package dev.olla;

import java.util.List;
import java.util.function.UnaryOperator;

/// A public client library, asked the same as the others: whether a format is understood is for those to say who
/// wrote the clients that people use.
interface Sdk {

    /// A conversation that it carries on.
    ///
    /// @param stream whether answers come in pieces
    /// @param tools the names of those that the model may call; each takes a text
    Talk talk(boolean stream, List<String> tools);

    /// A conversation: what was said before goes with every question.
    interface Talk {

        Said say(String text);

        /// Asks about an image.
        ///
        /// @param png in base64
        Said show(String text, String png);

        /// Tells what the tools gave that were called last.
        ///
        /// @param tools the result of each by its name
        Said tell(UnaryOperator<String> tools);
    }

    /// An answer as the library understood it.
    ///
    /// @param reason why it ended, in the words of the format
    record Said(String text, List<Call> calls, String reason, long promptTokens, long answerTokens) {

        List<String> tools() {
            return calls.stream().map(Call::tool).toList();
        }
    }

    /// @param arguments in JSON
    record Call(String id, String tool, String arguments) {}
}
