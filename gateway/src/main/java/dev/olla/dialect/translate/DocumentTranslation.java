package dev.olla.dialect.translate;

import dev.olla.dialect.AnswerCollector;
import dev.olla.dialect.AnswerReader;

/// Gathers an answer and tells it as one document.
final class DocumentTranslation extends WholeTranslation {

    private final AnswerReader server;
    private final ClientAnswer client;
    private final AnswerCollector collector = new AnswerCollector();

    DocumentTranslation(AnswerReader server, ClientAnswer client) {
        this.server = server;
        this.client = client;
    }

    @Override
    void gather(byte[] bytes, int offset, int length) {
        server.read(bytes, offset, length, collector);
    }

    @Override
    public byte[] end() {
        server.end(collector);
        return switch (collector.result()) {
            case AnswerCollector.Result.Whole(var answer) -> client.document(answer);
            case AnswerCollector.Result.Broken(var failure) -> fail(failure);
        };
    }

    @Override
    public int skipped() {
        return server.skipped();
    }
}
