package dev.olla.http;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that the bodies of all requests may take together; what doesn't fit goes to files.
///
/// The last quarter is kept for small bodies, so that a few large ones don't send every request to the disk. Safe
/// for all threads.
public final class BodyMemory {

    /// In bytes: less would send ordinary prompts to the disk.
    public static final long LEAST = 32L * 1024 * 1024;

    /// In bytes: the other half of the direct memory is for what is under way on the sockets.
    public static final long MOST = Math.max(LEAST, PlatformDependent.maxDirectMemory() / 2);

    /// In bytes, where nothing is set: a quarter of the direct memory of the process.
    public static final long STANDARD = Math.max(LEAST, PlatformDependent.maxDirectMemory() / 4);

    private static final long SMALL = 1024 * 1024;

    private final BodyFolder folder;
    private final AtomicLong used = new AtomicLong();
    private volatile long budget;

    /// @param budget in bytes
    /// @param folder for the files
    BodyMemory(long budget, BodyFolder folder) {
        this.budget = budget;
        this.folder = folder;
    }

    /// From now on so many bytes; what is held already stays.
    void resize(long bytes) {
        budget = bytes;
    }

    /// Takes memory for more bytes of one body.
    ///
    /// @param held what that body has taken before
    /// @return whether there is room; if not, nothing is taken
    boolean take(long bytes, long held) {
        long all = budget;
        long limit = held + bytes <= SMALL ? all : all - all / 4;
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
