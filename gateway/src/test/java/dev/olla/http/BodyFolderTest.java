package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BodyFolderTest {

    private final Instant now = Instant.now();
    private final Instant longAgo = now.minus(Duration.ofDays(400));
    private final Instant ago = now.minus(Duration.ofHours(1));

    /// No system gives a process such a number.
    private static final String NOBODY = "999999999999";

    @TempDir
    Path path;

    @Test
    void whatAProcessLeftThatHasEndedGoes() throws IOException {
        Path left = file("olla-body-" + NOBODY + "-1.tmp", ago);
        assertThat(new BodyFolder(path).sweep(now)).isOne();
        assertThat(left).doesNotExist();
    }

    @Test
    void whatAProcessLeftWhoseNumberWasGivenAgainGoes() throws IOException {
        Path left = file("olla-body-" + ProcessHandle.current().pid() + "-1.tmp", longAgo);
        assertThat(new BodyFolder(path).sweep(now)).isOne();
        assertThat(left).doesNotExist();
    }

    @Test
    void theFilesOfALivingProcessStay() throws IOException {
        Path own = new BodyFolder(path).newFile();
        assertThat(new BodyFolder(path).sweep(now.plus(Duration.ofDays(1)))).isZero();
        assertThat(own).exists();
    }

    @Test
    void aYoungFileStaysWhoeverMadeIt() throws IOException {
        Path young = file("olla-body-" + NOBODY + "-1.tmp", now);
        assertThat(new BodyFolder(path).sweep(now)).isZero();
        assertThat(young).exists();
    }

    @Test
    void whatIsNotOursStays() throws IOException {
        file("olla-body-mine-1.tmp", longAgo);
        file("other-" + NOBODY + "-1.tmp", longAgo);
        Files.createDirectory(path.resolve("olla-body-" + NOBODY + "-2.tmp"));
        assertThat(new BodyFolder(path).sweep(now)).isZero();
        assertThat(path.toFile().list()).hasSize(3);
    }

    @Test
    void aMissingFolderIsNoProblemBeforeAFileIsNeeded() {
        assertThat(new BodyFolder(path.resolve("missing")).sweep(now)).isZero();
    }

    private Path file(String name, Instant written) throws IOException {
        Path file = Files.createFile(path.resolve(name));
        return Files.setLastModifiedTime(file, FileTime.from(written));
    }
}
