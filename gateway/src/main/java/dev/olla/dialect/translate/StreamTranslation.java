package dev.olla.dialect.translate;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerReader;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/// Tells an answer in pieces.
final class StreamTranslation implements AnswerTranslation {

    private final AnswerReader server;
    private final ClientAnswer client;
    private final Runnable whole;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private AnswerEvent.@Nullable Failed failed;

    /// @param whole to be run when the answer is over and was whole
    StreamTranslation(AnswerReader server, ClientAnswer client, Runnable whole) {
        this.server = server;
        this.client = client;
        this.whole = whole;
    }

    private void take(AnswerEvent event) {
        if (failed != null) {
            return;
        }
        if (event instanceof AnswerEvent.Failed failure) {
            failed = failure;
        } else {
            out.writeBytes(client.write(event));
        }
    }

    @Override
    public byte[] read(byte[] bytes, int offset, int length) {
        server.read(bytes, offset, length, this::take);
        return written();
    }

    @Override
    public byte[] end() {
        server.end(this::take);
        if (failed == null) {
            whole.run();
        }
        return written();
    }

    private byte[] written() {
        byte[] written = out.toByteArray();
        out.reset();
        return written;
    }

    @Override
    public AnswerEvent.@Nullable Failed failed() {
        return failed;
    }

    @Override
    public int skipped() {
        return server.skipped();
    }
}
