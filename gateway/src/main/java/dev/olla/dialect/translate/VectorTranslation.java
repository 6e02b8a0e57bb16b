package dev.olla.dialect.translate;

import dev.olla.dialect.EmbeddingAnswer;
import java.io.ByteArrayOutputStream;
import java.util.function.Function;

/// Tells texts as vectors.
final class VectorTranslation extends WholeTranslation {

    private final Function<byte[], EmbeddingAnswer.Result> server;
    private final ClientAnswer client;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    VectorTranslation(Function<byte[], EmbeddingAnswer.Result> server, ClientAnswer client) {
        this.server = server;
        this.client = client;
    }

    @Override
    void gather(byte[] bytes, int offset, int length) {
        body.write(bytes, offset, length);
    }

    @Override
    public byte[] end() {
        return switch (server.apply(body.toByteArray())) {
            case EmbeddingAnswer.Result.Whole(var answer) -> client.vectors(answer);
            case EmbeddingAnswer.Result.Broken(var failure) -> fail(failure);
        };
    }

    @Override
    public int skipped() {
        return 0;
    }
}
