package dev.olla.testbed;

import java.util.SplittableRandom;
import tools.jackson.databind.node.ArrayNode;

/// A short vector that equal texts share.
final class Embedding {

    private static final int DIMENSIONS = 8;

    private Embedding() {}

    static ArrayNode of(String text) {
        SplittableRandom random = new SplittableRandom(text.hashCode());
        ArrayNode vector = Json.array();
        for (int index = 0; index < DIMENSIONS; index++) {
            vector.add(random.nextInt(-1000, 1000) / 1000.0);
        }
        return vector;
    }
}
