package dev.olla.fleet;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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

    /// A load that nobody confirms is forgotten.
    private static final long LONGEST_LOAD_NANOS = Duration.ofMinutes(10).toNanos();

    private final LongSupplier nanoTime;
    private final AtomicReference<State> state = new AtomicReference<>(State.UNKNOWN);

    /// @param known false until the server said what it has loaded: until then all it lists counts as loaded
    /// @param fits how many models were seen there together; at least 1
    /// @param loads the longest loading time of each model, in nanoseconds
    /// @param changes how often what is loaded has changed
    /// @param victim the model that was used least recently; null where none is held
    private record State(
            boolean known,
            Map<String, Held> models,
            int fits,
            Map<String, Long> loads,
            long changes,
            @Nullable String victim) {

        static final State UNKNOWN = new State(false, Map.of(), 1, Map.of(), 0, null);

        State {
            models = Map.copyOf(models);
            loads = Map.copyOf(loads);
        }

        State with(boolean nowKnown, Map<String, Held> held, int nowFits, Map<String, Long> longest) {
            boolean same = known == nowKnown && loaded(models).equals(loaded(held));
            return new State(nowKnown, held, nowFits, longest, same ? changes : changes + 1, leastRecent(held));
        }

        private static Set<String> loaded(Map<String, Held> held) {
            Set<String> loaded = new HashSet<>();
            held.forEach((model, each) -> {
                if (each.loadingSince == null) {
                    loaded.add(model);
                }
            });
            return loaded;
        }
    }

    /// @param used when it was used last
    /// @param loadingSince null when it is loaded
    /// @param estimate of its loading time, in nanoseconds
    private record Held(long used, @Nullable Long loadingSince, long estimate) {}

    /// @param nanoTime a clock such as [System#nanoTime]
    Residency(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Models compare without case, and `x` is `x:latest`.
    public static String key(String model) {
        String lower = model.toLowerCase(Locale.ROOT);
        return lower.endsWith(":latest") ? ModelCatalogue.counterpart(lower) : lower;
    }

    /// The server said what it has in memory.
    ///
    /// @param estimate of the loading time of a model, in nanoseconds
    public void seen(Collection<String> models, ToLongFunction<String> estimate) {
        long now = nanoTime.getAsLong();
        change(before -> {
            Map<String, Held> held = new HashMap<>();
            before.models.forEach((model, known) -> {
                Long since = known.loadingSince;
                if (since != null && now - since < LONGEST_LOAD_NANOS) {
                    held.put(model, known);
                }
            });
            for (String model : models) {
                Held known = before.models.get(key(model));
                long used = known == null ? now - LONGEST_LOAD_NANOS : known.used;
                long time = known == null ? estimate.applyAsLong(model) : known.estimate;
                held.put(key(model), new Held(used, null, time));
            }
            return before.with(true, held, Math.max(before.fits, models.size()), before.loads);
        });
    }

    /// A request for the model is sent there: where it is not loaded, it is being loaded from now on.
    ///
    /// @param estimate of its loading time, in nanoseconds
    /// @return whether it was loaded
    public boolean use(String model, long estimate) {
        long now = nanoTime.getAsLong();
        String key = key(model);
        State before = change(current -> current.known ? used(current, key, now, estimate) : current);
        Held held = before.models.get(key);
        return !before.known || (held != null && held.loadingSince == null);
    }

    private static State used(State before, String key, long now, long estimate) {
        Map<String, Held> held = new HashMap<>(before.models);
        Held known = held.get(key);
        if (known == null) {
            String victim = held.size() < before.fits ? null : leastRecent(held);
            if (victim != null) {
                held.remove(victim);
            }
        }
        held.put(key, known == null ? new Held(now, now, estimate) : new Held(now, known.loadingSince, known.estimate));
        return before.with(true, held, before.fits, before.loads);
    }

    private static @Nullable String leastRecent(Map<String, Held> held) {
        String least = null;
        for (Map.Entry<String, Held> each : held.entrySet()) {
            Held other = least == null ? null : held.get(least);
            if (other == null || each.getValue().used - other.used < 0) {
                least = each.getKey();
            }
        }
        return least;
    }

    /// An answer of the model is complete, so that it is loaded.
    ///
    /// @param loadNanos as the answer tells; 0 where it doesn't
    /// @return whether the answer proves that the model had to be loaded
    public boolean answered(String model, long loadNanos) {
        long now = nanoTime.getAsLong();
        String key = key(model);
        State before = change(current -> {
            Map<String, Held> held = new HashMap<>(current.models);
            Map<String, Long> loads = current.loads;
            if (current.known) {
                Held known = held.get(key);
                held.put(key, new Held(now, null, known == null ? 0 : known.estimate));
            }
            if (isCold(current, key, loadNanos)) {
                loads = new HashMap<>(loads);
                loads.merge(key, loadNanos, Math::max);
            }
            return current.with(current.known, held, current.fits, loads);
        });
        return isCold(before, key, loadNanos);
    }

    private static boolean isCold(State state, String key, long loadNanos) {
        Long longest = state.loads.get(key);
        return loadNanos > COLD_NANOS || (longest != null && loadNanos > longest / 5);
    }

    /// A request ended without an answer: whether the model is loaded is for the server to say.
    public void failed(String model) {
        String key = key(model);
        change(current -> {
            Held held = current.models.get(key);
            if (held == null || held.loadingSince == null) {
                return current;
            }
            Map<String, Held> rest = new HashMap<>(current.models);
            rest.remove(key);
            return current.with(current.known, rest, current.fits, current.loads);
        });
    }

    /// Whether requests for the model need not wait for it to be loaded.
    public boolean loaded(String model) {
        State current = state.get();
        Held held = current.models.get(key(model));
        return !current.known || (held != null && held.loadingSince == null);
    }

    /// Whether the server has said what it has loaded.
    public boolean known() {
        return state.get().known;
    }

    /// Rises whenever other models are loaded than before.
    public long changes() {
        return state.get().changes;
    }

    /// The models that are loaded or being loaded, by their keys.
    public Collection<String> models() {
        return state.get().models.keySet();
    }

    /// How long the model took to load here; 0 where it is not known.
    public long measuredLoadNanos(String model) {
        return state.get().loads.getOrDefault(key(model), 0L);
    }

    /// How long a model that is here takes to load: as measured here, else as estimated.
    public long loadNanos(String model) {
        State current = state.get();
        Held held = current.models.get(key(model));
        return current.loads.getOrDefault(key(model), held == null ? 0 : held.estimate);
    }

    /// How long until the model is loaded here, if it is asked for now.
    ///
    /// @param estimate of the whole loading time
    public long nanosToLoad(String model, long estimate) {
        State current = state.get();
        Held held = current.models.get(key(model));
        if (!current.known) {
            return 0;
        }
        if (held == null) {
            return estimate;
        }
        Long since = held.loadingSince;
        return since == null ? 0 : Math.max(0, estimate - (nanoTime.getAsLong() - since));
    }

    /// The model that would have to leave, if it was in use a short time ago; null where nobody would miss it.
    public @Nullable String victimOf(String model, Duration busyWindow) {
        State current = state.get();
        if (!current.known || current.models.containsKey(key(model)) || current.models.size() < current.fits) {
            return null;
        }
        String victim = current.victim;
        Held held = victim == null ? null : current.models.get(victim);
        boolean busy = held != null && nanoTime.getAsLong() - held.used < busyWindow.toNanos();
        return busy ? victim : null;
    }

    private State change(UnaryOperator<State> step) {
        return state.getAndUpdate(step);
    }
}
