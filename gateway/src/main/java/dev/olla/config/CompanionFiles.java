package dev.olla.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The small files that a configuration points to: secrets and certificates. Remembers which it was asked for.
final class CompanionFiles {

    private final Path workingDirectory;
    private final ConfigFile files;
    private final List<Path> read = new ArrayList<>();

    /// What came of reading one.
    sealed interface Content {
        record Text(String text) implements Content {}

        /// @param reason without the path, which may be a secret put at the wrong key
        record Unusable(String reason) implements Content {}
    }

    CompanionFiles(Path workingDirectory) {
        this.workingDirectory = workingDirectory;
        this.files = new ConfigFile(workingDirectory);
    }

    Content text(String path) {
        Path file;
        try {
            file = workingDirectory.resolve(path.strip());
        } catch (InvalidPathException _) {
            return new Content.Unusable("this is no path of a file");
        }
        if (!read.contains(file)) {
            read.add(file);
        }
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            return new Content.Unusable("the file can't be used: it is a pipe or a device");
        }
        return switch (files.read(file)) {
            case ConfigFile.Content.Read(ByteBuffer bytes) -> decoded(bytes);
            case ConfigFile.Content.Absent _ ->
                new Content.Unusable("the file does not exist; a relative path starts in the working directory");
            case ConfigFile.Content.Unreadable(String reason) ->
                new Content.Unusable("the file can't be used: " + reason);
        };
    }

    private static Content decoded(ByteBuffer bytes) {
        try {
            return new Content.Text(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException _) {
            return new Content.Unusable("the file is not a text in UTF-8");
        }
    }

    /// Each that was asked for, usable or not, in that order.
    List<Path> read() {
        return List.copyOf(read);
    }
}
