package dev.olla.fleet;

import java.util.List;

/// What the bytes of a model list turned out to be.
sealed interface ModelList {

    /// @param models in the order of the list, each name once
    /// @param skipped entries left out: of a wrong type, without a name, or past the limit
    record Listed(List<DiscoveredModel> models, int skipped) implements ModelList {

        public Listed {
            models = List.copyOf(models);
        }
    }

    /// @param problem in words that finish the sentence "the answer …"
    record Unreadable(String problem) implements ModelList {}
}
