package dev.olla.http;

import io.netty.util.internal.PlatformDependent;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that the bodies of all requests may take together; what doesn't fit goes to files.
///
/// The last quarter is kept for small bodies, so that a few large ones don't send every request to the disk. Safe
/// for all threads.
public final class BodyMemory {

    private static final long LEAST = 32L * 1024 * 1024;
    private static final long SMALL = 1024 * 1024;

    private final long budget;
    private final Path folder;
    private final AtomicLong used = new AtomicLong();

    /// @param budget in bytes
    /// @param folder for the files
    public BodyMemory(long budget, Path folder) {
        this.budget = budget;
        this.folder = folder;
    }

    /// A quarter of the direct memory of the process, at least 32 MB, and the temporary folder.
    public static BodyMemory standard() {
        return new BodyMemory(
                Math.max(LEAST, PlatformDependent.maxDirectMemory() / 4),
                Path.of(System.getProperty("java.io.tmpdir")));
    }

    /// Takes memory for more bytes of one body.
    ///
    /// @param held what that body has taken before
    /// @return whether there is room; if not, nothing is taken
    boolean take(long bytes, long held) {
        long limit = held + bytes <= SMALL ? budget : budget - budget / 4;
        if (used.addAndGet(bytes) <= limit) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void free(long bytes) {
        used.addAndGet(-bytes);
    }

    /// In bytes.
    public long used() {
        return used.get();
    }

    BodyFile file() {
        return new BodyFile(folder);
    }
}
