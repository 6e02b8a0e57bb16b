package dev.olla.dialect;

import tools.jackson.databind.node.ObjectNode;

/// Writes whole answers of one format. Safe for all threads if its sources of names are.
@FunctionalInterface
public interface WholeAnswerWriter {

    ObjectNode write(Answer answer, Asked asked);
}
