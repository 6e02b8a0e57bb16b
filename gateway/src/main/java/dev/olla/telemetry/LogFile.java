package dev.olla.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the log file lies and how much of it is kept.
///
/// @param megabytes the size at which a new file is begun; at least 1
/// @param backups how many older files are kept; 0 means all
/// @param days how long older files are kept; 0 means for ever
public record LogFile(Path directory, int megabytes, int backups, int days) {

    public static final LogFile DEFAULTS = new LogFile(Path.of("logs"), 1, 7, 14);

    Path path() {
        return directory.resolve("olla.log");
    }

    /// Why lines can't be written there, in words for the user; null when they can. Creates nothing.
    public @Nullable String problem() {
        Path file = path();
        if (Files.exists(file)) {
            boolean fit = Files.isRegularFile(file) && Files.isWritable(file) && Files.isWritable(directory);
            return fit ? null : "the log file " + file + " can't be written";
        }
        Path there = directory.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (Files.isDirectory(there) && Files.isWritable(there)) {
            return null;
        }
        return "the log directory " + directory + " can't be " + (Files.exists(directory) ? "written" : "made");
    }

    /// Makes the directory where it is missing.
    ///
    /// @throws IOException with a message for the user
    void prepare() throws IOException {
        String problem = problem();
        if (problem != null) {
            throw new IOException(problem);
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException impossible) {
            throw new IOException("the log directory " + directory + " can't be made", impossible);
        }
    }
}
