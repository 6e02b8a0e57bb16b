package dev.olla.fleet;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Which models one server has in memory, as far as is known: what it said last, corrected by what was sent there
/// and by what its answers told since.
///
/// States are immutable and swapped in one [AtomicReference]: every method is safe for all threads and none waits.
public final class Residency {

    /// Warm answers carry some milliseconds of loading.
    private static final long COLD_NANOS = Duration.ofMillis(500).toNanos();

    private final LongSupplier nanoTime;
    private final AtomicReference<HeldModels> state = new AtomicReference<>(HeldModels.UNKNOWN);

    /// How a model stands on a server.
    public enum Standing {
        LOADED,
        /// For a request that was sent there before.
        LOADING,
        ABSENT
    }

    /// What a server said it has in memory.
    ///
    /// @param asked what [#moves] was when it was asked
    /// @param withLoading whether it names models too that it is only loading
    public record Report(Collection<String> models, long asked, boolean withLoading) {}

    /// @param nanoTime a clock such as [System#nanoTime]
    Residency(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Models compare without case, and `x` is `x:latest`.
    public static String key(String model) {
        String lower = model.toLowerCase(Locale.ROOT);
        return lower.endsWith(":latest") ? ModelCatalogue.counterpart(lower) : lower;
    }

    /// The server has these models loaded at this moment.
    ///
    /// @param estimate of the loading time of a model, in nanoseconds
    public void seen(Collection<String> models, ToLongFunction<String> estimate) {
        seen(new Report(models, moves(), false), estimate);
    }

    /// The server said what it has in memory. Out of date, and not heeded, is what it said when something was sent
    /// there since the question that changes it.
    ///
    /// @param estimate of the loading time of a model, in nanoseconds
    public void seen(Report report, ToLongFunction<String> estimate) {
        long now = nanoTime.getAsLong();
        change(before -> {
            if (before.known() && before.moves() != report.asked) {
                return before;
            }
            Map<String, HeldModel> held = new HashMap<>();
            before.models().forEach((key, model) -> {
                if (model.stillLoading(now)) {
                    held.put(key, model);
                }
            });
            for (String model : report.models) {
                HeldModel known = before.get(key(model));
                if (known == null) {
                    long used = now - HeldModel.LONGEST_LOAD_NANOS;
                    held.put(key(model), HeldModel.loadedAt(now, used, estimate.applyAsLong(model)));
                } else if (!report.withLoading || !known.stillLoading(now)) {
                    held.put(key(model), known.loaded(now));
                }
            }
            return before.said(held, report.models.size());
        });
    }

    /// A request for the model will be sent there: where it is not loaded, it is being loaded from now on.
    ///
    /// @param estimate of its loading time, in nanoseconds
    public void expect(String model, long estimate) {
        long now = nanoTime.getAsLong();
        String key = key(model);
        change(current -> current.known() ? held(current, key, now, estimate) : current);
    }

    /// No request for the model is sent there after all.
    public void forgo(String model) {
        String key = key(model);
        change(current -> {
            HeldModel held = current.get(key);
            return held != null && held.loading() && held.users() == 0 ? current.minus(key) : current;
        });
    }

    /// A request for the model is sent there: where it is not loaded, it is being loaded from now on. [#left] is to
    /// follow.
    ///
    /// @param estimate of its loading time, in nanoseconds
    /// @return how the model stood before
    public Standing use(String model, long estimate) {
        long now = nanoTime.getAsLong();
        String key = key(model);
        HeldModels before = change(current -> {
            if (!current.known()) {
                return current;
            }
            HeldModels next = held(current, key, now, estimate);
            HeldModel held = next.get(key);
            return held == null ? next : next.replacing(key, held.usedAt(now).withUser());
        });
        HeldModel held = before.get(key);
        if (!before.known() || (held != null && !held.loading())) {
            return Standing.LOADED;
        }
        return held == null || held.users() == 0 ? Standing.ABSENT : Standing.LOADING;
    }

    private static HeldModels held(HeldModels before, String key, long now, long estimate) {
        return before.get(key) == null ? before.plus(key, HeldModel.loadingFrom(now, estimate)) : before;
    }

    /// The answer to a request for the model has begun, so that it is loaded.
    public void answering(String model) {
        long now = nanoTime.getAsLong();
        String key = key(model);
        change(current -> {
            HeldModel held = current.get(key);
            return held != null && held.loading() ? current.plus(key, held.loaded(now)) : current;
        });
    }

    /// A request that was sent there is over. One that was answered shows that the model is loaded; where none was
    /// and none is left, whether it is is for the server to say.
    public void left(String model, boolean answered) {
        long now = nanoTime.getAsLong();
        String key = key(model);
        change(current -> {
            HeldModel held = current.get(key);
            if (held == null) {
                return current;
            }
            if (!held.loading()) {
                return current.replacing(key, held.withoutUser());
            }
            if (answered) {
                return current.plus(key, held.loaded(now).withoutUser());
            }
            return held.users() > 1 ? current.replacing(key, held.withoutUser()) : current.minus(key);
        });
    }

    /// An answer of the model is complete, so that it is loaded.
    ///
    /// @param loadNanos as the answer tells; 0 where it doesn't
    /// @return whether the answer proves that the model had to be loaded
    public boolean answered(String model, long loadNanos) {
        long now = nanoTime.getAsLong();
        String key = key(model);
        HeldModels before = change(current -> {
            HeldModels next = current;
            if (current.known()) {
                HeldModel held = current.get(key);
                if (held == null) {
                    next = current.plus(key, HeldModel.loadedAt(now, now, 0));
                } else {
                    HeldModel loaded = held.loaded(now).usedAt(now);
                    next = held.loading() ? current.plus(key, loaded) : current.replacing(key, loaded);
                }
            }
            return isCold(current, key, loadNanos) ? next.loadTook(key, loadNanos) : next;
        });
        return isCold(before, key, loadNanos);
    }

    /// Whether an answer that tells of such a loading time proves that the model had to be loaded.
    public boolean provesLoad(String model, long loadNanos) {
        return isCold(state.get(), key(model), loadNanos);
    }

    private static boolean isCold(HeldModels state, String key, long loadNanos) {
        Long longest = state.loads().get(key);
        return loadNanos > COLD_NANOS || (longest != null && loadNanos > longest / 5);
    }

    /// Whether requests for the model need not wait for it to be loaded.
    public boolean loaded(String model) {
        return standing(model) == Standing.LOADED;
    }

    public Standing standing(String model) {
        HeldModels current = state.get();
        HeldModel held = current.get(key(model));
        if (!current.known()) {
            return Standing.LOADED;
        }
        if (held == null) {
            return Standing.ABSENT;
        }
        return held.loading() ? Standing.LOADING : Standing.LOADED;
    }

    /// Whether the server has said what it has loaded.
    public boolean known() {
        return state.get().known();
    }

    /// Rises whenever other models are loaded than before.
    public long changes() {
        return state.get().changes();
    }

    /// Rises whenever something is sent there, or its answer comes, that changes what it has in memory.
    public long moves() {
        return state.get().moves();
    }

    /// The models that are loaded or being loaded, by their keys.
    public Collection<String> models() {
        return state.get().models().keySet();
    }

    /// How long the model took to load here; 0 where it is not known.
    public long measuredLoadNanos(String model) {
        return state.get().loads().getOrDefault(key(model), 0L);
    }

    /// How long a model that is here takes to load: as measured here, else as estimated.
    public long loadNanos(String model) {
        HeldModels current = state.get();
        HeldModel held = current.get(key(model));
        return current.loads().getOrDefault(key(model), held == null ? 0 : held.estimate());
    }

    /// When the model began to be loaded, or was known to be loaded, in terms of the clock; the present where it
    /// isn't here.
    public long since(String model) {
        HeldModel held = state.get().get(key(model));
        return held == null ? nanoTime.getAsLong() : held.since();
    }

    /// How long the model has been loading here; 0 where it isn't.
    public long nanosLoading(String model) {
        HeldModel held = state.get().get(key(model));
        return held != null && held.loading() ? Math.max(0, nanoTime.getAsLong() - held.since()) : 0;
    }

    /// How long until the model is loaded here, if it is asked for now.
    ///
    /// @param estimate of the whole loading time
    public long nanosToLoad(String model, long estimate) {
        return switch (standing(model)) {
            case LOADED -> 0;
            case LOADING -> Math.max(0, estimate - nanosLoading(model));
            case ABSENT -> estimate;
        };
    }

    /// The model that would have to leave, if it was in use a short time ago; null where nobody would miss it.
    public @Nullable String victimOf(String model, Duration busyWindow) {
        HeldModels current = state.get();
        if (!current.known()
                || current.get(key(model)) != null
                || current.models().size() < current.fits()) {
            return null;
        }
        String victim = current.victim();
        HeldModel held = victim == null ? null : current.get(victim);
        boolean busy = held != null && nanoTime.getAsLong() - held.used() < busyWindow.toNanos();
        return busy ? victim : null;
    }

    private HeldModels change(UnaryOperator<HeldModels> step) {
        return state.getAndUpdate(step);
    }
}
