package dev.olla.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The temporary directory of one run and the programs started in it.
///
/// Closing it ends the programs with all they started, and removes the files. Safe to close from any
/// thread, more than once; a closed workspace starts nothing.
final class Workspace implements AutoCloseable {

    private static final long END_SECONDS = 5;

    private final Path directory;
    private final List<Process> programs = new ArrayList<>();
    private boolean closed;

    Workspace() throws IOException {
        directory = Files.createTempDirectory("olla-benchmarks-");
    }

    Path directory() {
        return directory;
    }

    /// Where the program of that name writes what it prints.
    Path log(String name) {
        return directory.resolve(name + ".log");
    }

    synchronized Path write(String name, String content) throws IOException {
        requireOpen();
        return Files.writeString(directory.resolve(name), content);
    }

    /// Starts a program with its errors in its log.
    ///
    /// @param piped whether its output is read by the caller instead of going to the log
    synchronized Process start(String name, List<String> command, boolean piped) throws IOException {
        requireOpen();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
        if (!piped) {
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
        }
        Process program = builder.start();
        programs.add(program);
        return program;
    }

    /// Ends one program and everything it started.
    synchronized void end(Process program) {
        programs.remove(program);
        List<ProcessHandle> all = Stream.concat(Stream.of(program.toHandle()), program.descendants())
                .toList();
        all.getFirst().destroy();
        if (!waitFor(program)) {
            all.forEach(ProcessHandle::destroyForcibly);
            return;
        }
        all.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public synchronized void close() {
        closed = true;
        List.copyOf(programs).reversed().forEach(this::end);
        if (Files.exists(directory)) {
            removeFiles();
        }
    }

    private static boolean waitFor(Process program) {
        try {
            return program.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void removeFiles() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot remove " + directory, failed);
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the run is over");
        }
    }
}
