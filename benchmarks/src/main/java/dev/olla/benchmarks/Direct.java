package dev.olla.benchmarks;

/// Nothing between the load and the backend: what the machine can do at best.
record Direct() implements Contender {

    static final String NAME = "direct";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RunningContender start(Workspace workspace, Target backend) {
        return new RunningContender(this, backend, null);
    }
}
