package dev.olla.dialect.translate;

import dev.olla.dialect.AnswerEvent;
import dev.olla.dialect.EmbeddingAnswer;
import java.io.ByteArrayOutputStream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Tells texts as vectors.
final class VectorTranslation implements AnswerTranslation {

    private static final byte[] NOTHING = {};

    private final Function<byte[], EmbeddingAnswer.Result> server;
    private final ClientAnswer client;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private AnswerEvent.@Nullable Failed failed;

    VectorTranslation(Function<byte[], EmbeddingAnswer.Result> server, ClientAnswer client) {
        this.server = server;
        this.client = client;
    }

    @Override
    public byte[] read(byte[] bytes, int offset, int length) {
        body.write(bytes, offset, length);
        return NOTHING;
    }

    @Override
    public byte[] end() {
        return switch (server.apply(body.toByteArray())) {
            case EmbeddingAnswer.Result.Whole(var answer) -> client.vectors(answer);
            case EmbeddingAnswer.Result.Broken(var failure) -> {
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
        return 0;
    }
}
