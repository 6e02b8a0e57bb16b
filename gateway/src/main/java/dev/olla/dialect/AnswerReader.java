package dev.olla.dialect;

import java.util.function.Consumer;

/// Reads one answer of one format, as its bytes come. Not safe for several threads; one reader per answer.
///
/// However the bytes are cut, the events are the same, except that a text may come in other pieces. What can't be
/// read is skipped where the format lets one go on, else a [AnswerEvent.Failed].
public interface AnswerReader {

    /// The next bytes, in UTF-8.
    ///
    /// @param events hears what they hold
    void read(byte[] bytes, int offset, int length, Consumer<AnswerEvent> events);

    /// The body is over, and was whole as far as HTTP tells. An answer that says itself that it is complete has
    /// told so before; otherwise this tells [AnswerEvent.Failed].
    void end(Consumer<AnswerEvent> events);

    /// How many pieces couldn't be read so far and were left out: something for the log.
    int skipped();
}
