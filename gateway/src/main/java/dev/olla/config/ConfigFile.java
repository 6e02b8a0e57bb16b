package dev.olla.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Finds and reads the one file of a configuration.
final class ConfigFile {

    /// Where a file is looked for when nobody names one.
    static final List<Path> CANDIDATES = List.of(
            Path.of("config", "config.local.yaml"),
            Path.of("config", "config.yaml"),
            Path.of("config.yaml"),
            Path.of("default.yaml"));

    private static final int MAX_SIZE = 10 * 1024 * 1024;

    private final Path workingDirectory;
    /// What is no file is empty, or blocks, when it is read again.
    private final Set<Path> readOnce = new HashSet<>();

    /// What came of looking at one path.
    sealed interface Content {
        record Read(ByteBuffer bytes) implements Content {}

        record Absent() implements Content {}

        record Unreadable(String reason) implements Content {}
    }

    ConfigFile(Path workingDirectory) {
        this.workingDirectory = workingDirectory;
    }

    Content read(Path path) {
        Path file = workingDirectory.resolve(path);
        if (Files.isDirectory(file)) {
            return new Content.Unreadable("it is a directory");
        }
        if (Files.exists(file) && !Files.isRegularFile(file) && !readOnce.add(file)) {
            return new Content.Unreadable("it is a pipe or a device, which can be read only once");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_SIZE + 1);
            return bytes.length > MAX_SIZE
                    ? new Content.Unreadable("it is larger than 10 MB")
                    : new Content.Read(ByteBuffer.wrap(bytes));
        } catch (NoSuchFileException _) {
            return new Content.Absent();
        } catch (AccessDeniedException _) {
            return new Content.Unreadable("permission denied");
        } catch (FileSystemException unreadable) {
            return new Content.Unreadable("it can't be read: " + unreadable.getReason());
        } catch (IOException unreadable) {
            return new Content.Unreadable("it can't be read: " + unreadable.getMessage());
        }
    }

    boolean exists(Path path) {
        return Files.exists(workingDirectory.resolve(path));
    }
}
