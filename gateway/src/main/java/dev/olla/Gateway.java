package dev.olla;

import dev.olla.config.Config;
import java.io.IOException;

/// The composition root: the only class that wires.
public final class Gateway implements AutoCloseable {

    private Gateway() {}

    /// Listens when it returns; throws if the address can't be bound.
    public static Gateway start(Config config) throws IOException {
        return new Gateway();
    }

    /// Lets running requests finish within the shutdown timeout, then stops everything.
    @Override
    public void close() {}
}
