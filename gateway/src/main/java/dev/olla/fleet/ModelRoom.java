package dev.olla.fleet;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How many models all servers together may list before the gateway runs out of memory. Guarded by who uses it.
final class ModelRoom {

    /// What a model takes in the end: its record, its places in the catalogue and in the lists.
    private static final long BYTES_EACH = 2560;

    private final int limit;
    private final int[] taken;

    /// @param models those to keep, in order
    /// @param remark null where all are kept
    record Admitted(List<DiscoveredModel> models, @Nullable String remark) {}

    ModelRoom(int endpoints) {
        this(endpoints, (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / BYTES_EACH));
    }

    ModelRoom(int endpoints, int limit) {
        this.limit = limit;
        this.taken = new int[endpoints];
    }

    /// Takes the place of the endpoint's last list.
    Admitted admit(Endpoint endpoint, List<DiscoveredModel> models, KnownModels known) {
        int room = limit;
        for (int position = 0; position < taken.length; position++) {
            room -= position == endpoint.position() ? 0 : taken[position];
        }
        List<DiscoveredModel> kept = new ArrayList<>(models.size());
        int own = 0;
        for (DiscoveredModel model : models) {
            boolean shared = known.isShared(model, endpoint);
            if (shared || own < room) {
                kept.add(model);
                own += shared ? 0 : 1;
            }
        }
        taken[endpoint.position()] = own;
        int left = models.size() - kept.size();
        return new Admitted(
                kept,
                left == 0
                        ? null
                        : left + " models left out: the memory has room for " + limit + " of all servers together:"
                                + " set model_filter, or give the gateway more memory");
    }
}
