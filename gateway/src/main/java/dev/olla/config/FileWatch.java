package dev.olla.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices that files changed, by looking at them again and again.
///
/// Looking finds what event services of operating systems miss: links swapped under a mounted volume, network file
/// systems, editors that write a new file over the old one. A change is reported once the files look the same twice
/// in a row, so that half a write is not taken for the whole.
public final class FileWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

    private static final int MAX_HASHED = 10 * 1024 * 1024;

    private final Supplier<? extends Collection<Path>> paths;
    private final Duration period;
    private final Runnable onChange;
    private final Thread thread;

    /// What a path looked like: enough to tell a change, never its content.
    private record Look(String path, String target, long size, long modified, int hash) {}

    /// Starts to watch.
    ///
    /// @param paths files, which need not exist, and folders, which are watched with all below them; asked anew
    ///     each time
    /// @param onChange called on a virtual thread, never twice at a time
    public FileWatch(Supplier<? extends Collection<Path>> paths, Duration period, Runnable onChange) {
        this.paths = paths;
        this.period = period;
        this.onChange = onChange;
        List<Look> first = look();
        this.thread = Thread.ofVirtual().name("file-watch").start(() -> watch(first));
    }

    private void watch(List<Look> first) {
        List<Look> reported = first;
        List<Look> before = first;
        try {
            while (true) {
                Thread.sleep(period);
                List<Look> now = look();
                if (now.equals(before) && !now.equals(reported)) {
                    reported = now;
                    report();
                }
                before = now;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void report() {
        try {
            onChange.run();
        } catch (RuntimeException e) {
            log.error("taking over a changed file failed", e);
        }
    }

    private List<Look> look() {
        List<Look> looks = new ArrayList<>();
        for (Path path : paths.get()) {
            try (Stream<Path> below = Files.isDirectory(path) ? Files.walk(path) : Stream.of(path)) {
                below.sorted().forEach(each -> looks.add(look(each)));
            } catch (IOException | UncheckedIOException e) {
                looks.add(new Look(path.toString(), String.valueOf(e.getMessage()), -1, 0, 0));
            }
        }
        return looks;
    }

    private static Look look(Path path) {
        try {
            String target = path.toRealPath().toString();
            long modified = Files.getLastModifiedTime(path).toMillis();
            if (!Files.isRegularFile(path)) {
                return new Look(path.toString(), target, 0, 0, 0);
            }
            long size = Files.size(path);
            int hash = size > MAX_HASHED ? 0 : Arrays.hashCode(Files.readAllBytes(path));
            return new Look(path.toString(), target, size, modified, hash);
        } catch (IOException e) {
            return new Look(path.toString(), e.getClass().getSimpleName(), -1, 0, 0);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
