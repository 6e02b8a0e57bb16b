package dev.olla.fleet;

import java.util.List;

/// What the bytes of a model list turned out to be.
sealed interface ModelList {

    /// @param models in the order of the list, each name once
    /// @param unusable entries left out because they are of a wrong type, without a name or too long
    /// @param beyond entries left out because there are too many
    record Listed(List<DiscoveredModel> models, int unusable, int beyond) implements ModelList {

        public Listed {
            models = List.copyOf(models);
        }
    }

    /// @param problem in words that finish the sentence "the answer …"
    record Unreadable(String problem) implements ModelList {}
}
