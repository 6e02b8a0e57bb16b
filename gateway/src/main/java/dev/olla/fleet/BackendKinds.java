package dev.olla.fleet;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The kinds of server that are known.
@FunctionalInterface
public interface BackendKinds {

    /// The profile for a `type` in any accepted spelling, `auto` included; null when there is none.
    @Nullable
    BackendProfile byType(String type);

    /// What the names of their models mean.
    default ModelVocabulary vocabulary() {
        return ModelVocabulary.NONE;
    }

    /// What a server of unknown kind may turn out to be.
    default Collection<BackendProfile> candidates() {
        return List.of();
    }
}
