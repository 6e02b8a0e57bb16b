package dev.olla.fleet;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one server has in memory at one moment, as far as is known; by the keys of [Residency#key].
///
/// @param known false until the server said what it has loaded: until then all it lists counts as loaded
/// @param fits how many models were seen there together; at least 1
/// @param loads the longest loading time of each model, in nanoseconds
/// @param changes how often what is loaded has changed
/// @param moves how often it changed by what was sent there, rather than by what the server said
/// @param victim the model that has to leave first; null where none is held
record HeldModels(
        boolean known,
        Map<String, HeldModel> models,
        int fits,
        Map<String, Long> loads,
        long changes,
        long moves,
        @Nullable String victim) {

    static final HeldModels UNKNOWN = new HeldModels(false, Map.of(), 1, Map.of(), 0, 0, null);

    HeldModels {
        models = Map.copyOf(models);
        loads = Map.copyOf(loads);
    }

    @Nullable
    HeldModel get(String key) {
        return models.get(key);
    }

    /// The server said so: at least as many as are held together fit.
    HeldModels said(Map<String, HeldModel> held, int together) {
        return with(true, held, Math.max(fits, together), loads, moves);
    }

    /// A model comes, and where no more fit another leaves.
    HeldModels plus(String key, HeldModel model) {
        Map<String, HeldModel> held = new HashMap<>(models);
        String leaving = held.containsKey(key) || held.size() < fits ? null : victim;
        if (leaving != null) {
            held.remove(leaving);
        }
        held.put(key, model);
        return with(known, held, fits, loads, moves + 1);
    }

    HeldModels minus(String key) {
        Map<String, HeldModel> held = new HashMap<>(models);
        held.remove(key);
        return with(known, held, fits, loads, moves + 1);
    }

    /// The same models, one of them used otherwise.
    HeldModels replacing(String key, HeldModel model) {
        Map<String, HeldModel> held = new HashMap<>(models);
        held.put(key, model);
        return with(known, held, fits, loads, moves);
    }

    HeldModels loadTook(String key, long nanos) {
        Map<String, Long> longest = new HashMap<>(loads);
        longest.merge(key, nanos, Math::max);
        return new HeldModels(known, models, fits, longest, changes, moves, victim);
    }

    private HeldModels with(
            boolean nowKnown, Map<String, HeldModel> held, int nowFits, Map<String, Long> longest, long nowMoves) {
        boolean same = known == nowKnown && loaded(models).equals(loaded(held));
        return new HeldModels(
                nowKnown, held, nowFits, longest, same ? changes : changes + 1, nowMoves, firstToLeave(held));
    }

    private static Set<String> loaded(Map<String, HeldModel> held) {
        Set<String> loaded = new HashSet<>();
        held.forEach((key, model) -> {
            if (!model.loading()) {
                loaded.add(key);
            }
        });
        return loaded;
    }

    private static @Nullable String firstToLeave(Map<String, HeldModel> held) {
        String first = null;
        for (Map.Entry<String, HeldModel> each : held.entrySet()) {
            HeldModel other = first == null ? null : held.get(first);
            if (other == null || each.getValue().leavesBefore(other)) {
                first = each.getKey();
            }
        }
        return first;
    }
}
