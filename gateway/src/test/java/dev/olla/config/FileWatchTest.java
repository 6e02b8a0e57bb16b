package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {

    private static final Duration PERIOD = Duration.ofMillis(10);

    @TempDir
    Path folder;

    private final List<Boolean> seen = new CopyOnWriteArrayList<>();

    @Test
    void aFileThatGoesAndReturnsIsNoticedBothTimes() throws IOException {
        Path secret = Files.writeString(folder.resolve("token"), "abc");
        try (FileWatch _ = new FileWatch(() -> List.of(secret), PERIOD, () -> seen.add(Files.exists(secret)))) {
            Files.delete(secret);
            Eventually.await("its absence is noticed", () -> seen.equals(List.of(false)));
            Files.writeString(secret, "abc");
            Eventually.await("its return is noticed", () -> seen.equals(List.of(false, true)));
        }
    }

    @Test
    void aFileThatIsAskedForLaterIsNoticedWhenItComes() throws IOException {
        Path first = Files.writeString(folder.resolve("config.yaml"), "a: 1");
        Path coming = folder.resolve("coming");
        List<Path> watched = new CopyOnWriteArrayList<>(List.of(first));
        try (FileWatch _ = new FileWatch(() -> watched, PERIOD, () -> {
            watched.add(coming);
            seen.add(Files.exists(coming));
        })) {
            Files.writeString(first, "a: 22");
            Eventually.await("the change is noticed", () -> seen.contains(false));
            Files.writeString(coming, "abc");
            Eventually.await("the file is noticed", () -> seen.contains(true));
        }
        assertThat(seen.getFirst()).isFalse();
    }
}
