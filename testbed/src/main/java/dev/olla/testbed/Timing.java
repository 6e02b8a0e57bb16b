package dev.olla.testbed;

/// How long an answer took, in nanoseconds: loading the model, reading the prompt, and from arrival to the end.
record Timing(long load, long prompt, long total) {

    long generation() {
        return Math.max(0, total - load - prompt);
    }
}
