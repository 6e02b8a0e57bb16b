package dev.olla.dialect;

/// Writes one streamed answer of one format. Not safe for several threads; one writer per answer.
public interface AnswerWriter {

    /// Takes the next event.
    ///
    /// @return what goes to the client now, in UTF-8; empty when the event has to wait for others
    byte[] write(AnswerEvent event);

    /// What keeps a silent stream alive; empty where the format has nothing for it.
    byte[] ping();
}
