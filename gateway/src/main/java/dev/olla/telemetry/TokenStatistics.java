package dev.olla.telemetry;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// What answers told of their cost, added up; answers that told nothing count nothing. Safe for all threads.
public final class TokenStatistics {

    /// Warm answers carry some milliseconds of load time too.
    private static final long COLD_MILLIS = 500;

    private final LongAdder input = new LongAdder();
    private final LongAdder output = new LongAdder();
    private final Mean inputMean = new Mean();
    private final Mean outputMean = new Mean();
    private final Mean rate = new Mean();
    private final Mean firstToken = new Mean();
    private final Mean load = new Mean();
    private final LongAdder loads = new LongAdder();
    private final LongAdder loadMillis = new LongAdder();

    public void add(AnswerFigures figures) {
        Long read = figures.inputTokens();
        Long written = figures.outputTokens();
        Long loaded = figures.loadMillis();
        input.add(read == null ? 0 : read);
        output.add(written == null ? 0 : written);
        inputMean.add(read);
        outputMean.add(written);
        rate.add(figures.tokensPerSecond());
        firstToken.add(figures.firstTokenMillis());
        if (loaded != null && loaded > COLD_MILLIS) {
            load.add(loaded);
            loads.increment();
            loadMillis.add(loaded);
        }
    }

    public long inputTokens() {
        return input.sum();
    }

    public long outputTokens() {
        return output.sum();
    }

    /// How often a model had to be loaded for an answer.
    public long loads() {
        return loads.sum();
    }

    /// How long that took, all together.
    public long loadMillisTogether() {
        return loadMillis.sum();
    }

    /// Null before any answer told.
    public @Nullable Long averageInputTokens() {
        return inputMean.rounded();
    }

    /// Null before any answer told.
    public @Nullable Long averageOutputTokens() {
        return outputMean.rounded();
    }

    /// Null before any answer told.
    public @Nullable Double averageTokensPerSecond() {
        return rate.value();
    }

    /// Null before any answer told.
    public @Nullable Long averageFirstTokenMillis() {
        return firstToken.rounded();
    }

    /// Of the answers for which a model had to be loaded; null before any.
    public @Nullable Long averageLoadMillis() {
        return load.rounded();
    }
}
