package dev.olla.http;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the files of bodies are: a folder that other gateways, even those of other users, may share.
///
/// A file's name tells the process that made it, so that the next start can tell what nobody needs any more.
///
/// @param path need not exist until a file is made
record BodyFolder(Path path) {

    private static final String PREFIX = "olla-body-";
    private static final String GLOB = PREFIX + "*.tmp";
    private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]{1,18})-.*\\.tmp");

    /// A gateway in another container has a number that means nothing here, but is done with naming its file by
    /// then.
    private static final Duration YOUNG = Duration.ofMinutes(10);

    /// The system's folder for temporary files.
    static BodyFolder standard() {
        return new BodyFolder(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /// Makes an empty file, readable by its owner only: it holds prompts.
    Path newFile() throws IOException {
        return Files.createTempFile(path, PREFIX + ProcessHandle.current().pid() + "-", ".tmp");
    }

    /// Deletes what processes that have ended left behind, as far as it may. Blocks.
    ///
    /// @return how many files were deleted
    int sweep(Instant now) {
        int swept = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, GLOB)) {
            for (Path file : files) {
                swept += deleted(file, now) ? 1 : 0;
            }
        } catch (IOException | DirectoryIteratorException _) {
            // There is no folder, or it can't be listed: the first file that is needed will say so.
        }
        return swept;
    }

    private static boolean deleted(Path file, Instant now) {
        try {
            return isLeftOver(file, now) && Files.deleteIfExists(file);
        } catch (IOException _) {
            // Another gateway was faster, or it is another user's.
            return false;
        }
    }

    private static boolean isLeftOver(Path file, Instant now) throws IOException {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches() || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Instant written = Files.getLastModifiedTime(file).toInstant();
        return written.isBefore(now.minus(YOUNG)) && !livesSince(Long.parseLong(name.group(1)), written);
    }

    /// Whether a process of that number lives that could have written at that time; numbers are given again.
    private static boolean livesSince(long number, Instant written) {
        Optional<ProcessHandle> process = ProcessHandle.of(number);
        return process.isPresent()
                && process.get()
                        .info()
                        .startInstant()
                        .map(started -> !started.isAfter(written))
                        .orElse(true);
    }
}
