package dev.olla.dialect;

import java.util.function.Consumer;

/// What the reader of one answer has told so far. Belongs to that reader; not safe for several threads.
public final class Telling implements Consumer<AnswerEvent> {

    private Consumer<AnswerEvent> listener = _ -> {};
    private boolean over;
    private int skipped;

    /// Who hears what comes from now on.
    public void to(Consumer<AnswerEvent> events) {
        listener = events;
    }

    @Override
    public void accept(AnswerEvent event) {
        over |= event instanceof AnswerEvent.Finished || event instanceof AnswerEvent.Failed;
        listener.accept(event);
    }

    /// Whether the answer has been told to its end, a good one or a bad one.
    public boolean over() {
        return over;
    }

    /// The server's answer is none: a 502.
    public void fail(String message) {
        accept(new AnswerEvent.Failed(502, null, message));
    }

    /// The server says that it won't go on.
    ///
    /// @param word the reason, as the server calls it
    public void givenUp(String word) {
        fail("the server gave the answer up: " + word);
    }

    /// The body can't be read on. No news where the answer is over.
    public void unreadable(String why) {
        if (!over) {
            fail("the server's answer can't be read: " + why);
        }
    }

    /// The body has ended. No news where the answer is over.
    public void brokenOff() {
        if (!over) {
            fail("the server ended its answer before it was complete");
        }
    }

    /// A piece couldn't be read and is left out.
    public void skip() {
        skipped++;
    }

    /// How many pieces were left out.
    public int skipped() {
        return skipped;
    }
}
