package dev.olla.dialect.translate;

import dev.olla.dialect.AnswerCollector;
import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.AnswerReader;
import org.jspecify.annotations.Nullable;

/// Gathers an answer and tells it as one document.
final class DocumentTranslation implements AnswerTranslation {

    private static final byte[] NOTHING = {};

    private final AnswerReader server;
    private final ClientAnswer client;
    private final AnswerCollector collector = new AnswerCollector();
    private AnswerEvent.@Nullable Failed failed;

    DocumentTranslation(AnswerReader server, ClientAnswer client) {
        this.server = server;
        this.client = client;
    }

    @Override
    public byte[] read(byte[] bytes, int offset, int length) {
        server.read(bytes, offset, length, collector);
        return NOTHING;
    }

    @Override
    public byte[] end() {
        server.end(collector);
        return switch (collector.result()) {
            case AnswerCollector.Result.Whole(var answer) -> client.document(answer);
            case AnswerCollector.Result.Broken(var failure) -> {
                failed = failure;
                yield NOTHING;
            }
        };
    }

    @Override
    public AnswerEvent.@Nullable Failed failed() {
        return failed;
    }

    @Override
    public byte[] tell(AnswerEvent.Failed failure) {
        return NOTHING;
    }

    @Override
    public int skipped() {
        return server.skipped();
    }
}
