package dev.olla.config;

import dev.olla.config.Scalars.BadValue;

/// The whole numbers that a key may have.
///
/// @param rule in words, for the message to someone who wrote a smaller one
/// @param upperRule the same for a larger one
record Range(long from, long to, String rule, String upperRule) {

    static final Range PERCENT = new Range(0, 100, "a share is 0 to 100");

    Range(long from, long to, String rule) {
        this(from, to, rule, rule);
    }

    static Range atLeast(int from) {
        return new Range(from, Integer.MAX_VALUE, from + " is the least", Integer.MAX_VALUE + " is the most");
    }

    void check(long number, Value value) throws BadValue {
        if (number < from || number > to) {
            throw new BadValue(value.shown() + " is not allowed: " + (number < from ? rule : upperRule));
        }
    }
}
