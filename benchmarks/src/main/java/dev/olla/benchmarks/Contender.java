package dev.olla.benchmarks;

import java.io.IOException;
import java.time.Duration;

/// One of the ways for requests to reach the backend, to be compared with the others.
interface Contender {

    String name();

    /// How much of the asked warm-up it needs; a program without a just-in-time compiler needs little.
    default Duration warmUp(Duration asked) {
        return asked;
    }

    /// Starts what stands between the load and the backend. Does not wait until it answers.
    RunningContender start(Workspace workspace, Target backend) throws IOException;
}
