package dev.olla.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogFileTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path folder;

    private static LoggingSettings toFile(LogFile file) {
        return new LoggingSettings("info", "text", true, "file", true, LogColours.DEFAULTS, file);
    }

    @Test
    void aLargeFileIsPutAsideAndNotMoreAreKeptThanWanted() throws IOException {
        Path directory = folder.resolve("deep/logs");
        OutputStreamAppender<ILoggingEvent> file = LogTargets.of(
                        LogLines.CONTEXT, toFile(new LogFile(directory, 1, 2, 14)), false)
                .getFirst();
        ILoggingEvent line = LogLines.line(Level.INFO, "x".repeat(1000));
        for (int i = 0; i < 4500; i++) {
            file.doAppend(line);
        }
        file.stop();
        List<Path> backups = backups(directory);
        assertThat(backups).hasSize(2);
        try (InputStream in = new GZIPInputStream(Files.newInputStream(backups.getFirst()))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text.length()).isBetween(1 << 20, (1 << 20) + 20_000);
            assertThat(text.lines()).allMatch(entry -> entry.startsWith("{") && entry.endsWith("}"));
        }
        assertThat(directory.resolve("olla.log")).isNotEmptyFile();
    }

    @Test
    void aFileThatIsTakenAwayIsBegunAnew() throws IOException {
        Path directory = folder.resolve("logs");
        OutputStreamAppender<ILoggingEvent> file = LogTargets.of(
                        LogLines.CONTEXT, toFile(new LogFile(directory, 1, 2, 14)), false)
                .getFirst();
        file.doAppend(LogLines.line(Level.INFO, "first"));
        Files.delete(directory.resolve("olla.log"));
        Files.delete(directory);
        file.doAppend(LogLines.line(Level.INFO, "second"));
        file.stop();
        assertThat(directory.resolve("olla.log")).content().contains("second").doesNotContain("first");
        assertThat(backups(directory)).isEmpty();
    }

    @Test
    void filesThatAreTooOldAreDeletedAndOthersLeftAlone() throws IOException {
        Path old = backup("olla-2026-01-01T00-00-00.000.log.gz", NOON.minusSeconds(15 * 86_400));
        Path recent = backup("olla-2026-02-28T00-00-00.000.log.gz", NOON.minusSeconds(86_400));
        Path foreign = backup("notes.log.gz", NOON.minusSeconds(90 * 86_400));
        rotateAtNoon(new LogFile(folder, 1, 0, 14));
        assertThat(old).doesNotExist();
        assertThat(recent).exists();
        assertThat(foreign).exists();
        assertThat(folder.resolve("olla.log")).doesNotExist();
    }

    @Test
    void twoRotationsInOneMillisecondDontMeet() throws IOException {
        rotateAtNoon(new LogFile(folder, 1, 0, 0));
        rotateAtNoon(new LogFile(folder, 1, 0, 0));
        assertThat(backups(folder)).hasSize(2);
    }

    private void rotateAtNoon(LogFile settings) throws IOException {
        Files.writeString(folder.resolve("olla.log"), "{}\n");
        new LogRotation(settings, InstantSource.fixed(NOON)).rollover();
    }

    private Path backup(String name, Instant modified) throws IOException {
        Path file = Files.createFile(folder.resolve(name));
        return Files.setLastModifiedTime(file, FileTime.from(modified));
    }

    private static List<Path> backups(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".gz"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenIsOneSentence() throws IOException {
        Path taken = Files.createFile(folder.resolve("taken"));
        LogFile file = new LogFile(taken.resolve("logs"), 1, 7, 14);
        String message = "the log directory " + taken.resolve("logs") + " can't be made";
        assertThat(file.problem()).isEqualTo(message);
        assertThatThrownBy(() -> LogTargets.of(LogLines.CONTEXT, toFile(file), false))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
        assertThatThrownBy(() ->
                        LogTargets.of(LogLines.CONTEXT, toFile(new LogFile(Path.of("/proc/none"), 1, 7, 14)), false))
                .hasMessage("the log directory /proc/none can't be made");
        Files.createDirectory(folder.resolve("olla.log"));
        assertThat(new LogFile(folder, 1, 7, 14).problem()).endsWith("olla.log can't be written");
        assertThat(new LogFile(folder.resolve("new/place"), 1, 7, 14).problem()).isNull();
        assertThat(folder.resolve("new")).doesNotExist();
    }
}
