package dev.olla.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingPolicyBase;
import ch.qos.logback.core.rolling.RolloverFailure;
import ch.qos.logback.core.rolling.TriggeringPolicy;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// Begins a new log file when the last one is large enough, compresses that, and deletes what is too old or too
/// many.
///
/// Logback's own policies keep by number or by age, not by both.
final class LogRotation extends RollingPolicyBase implements TriggeringPolicy<ILoggingEvent> {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS");

    private final LogFile settings;
    private final InstantSource clock;

    LogRotation(LogFile settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public boolean isTriggeringEvent(File active, ILoggingEvent event) {
        long length = active.length();
        return length >= settings.megabytes() * 1024L * 1024L || (length == 0 && !active.exists());
    }

    @Override
    public String getActiveFileName() {
        return settings.path().toString();
    }

    @Override
    public void rollover() throws RolloverFailure {
        try {
            if (!Files.exists(settings.path())) {
                // Somebody took it away; lines would go on into a file without a name.
                Files.createDirectories(settings.directory());
                return;
            }
            Path compressed = free(clock.instant());
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
                Files.copy(settings.path(), out);
            }
            Files.delete(settings.path());
            deleteOld();
        } catch (IOException failed) {
            throw new RolloverFailure("the log file could not be rotated: " + failed.getMessage(), failed);
        }
    }

    /// The name of the next backup: the time, later by a millisecond where one of that time exists.
    private Path free(Instant instant) {
        Instant next = instant;
        while (true) {
            String stamp = STAMP.format(next.atZone(ZoneId.systemDefault()));
            Path path = settings.directory().resolve("olla-" + stamp + ".log.gz");
            if (!Files.exists(path)) {
                return path;
            }
            next = next.plusMillis(1);
        }
    }

    private void deleteOld() throws IOException {
        List<Path> newestFirst = new ArrayList<>();
        try (Stream<Path> files = Files.list(settings.directory())) {
            files.filter(LogRotation::isBackup)
                    .sorted(Comparator.comparing(Path::getFileName).reversed())
                    .forEach(newestFirst::add);
        }
        Instant oldest = clock.instant().minus(Duration.ofDays(settings.days()));
        for (int i = 0; i < newestFirst.size(); i++) {
            boolean tooMany = settings.backups() > 0 && i >= settings.backups();
            Path file = newestFirst.get(i);
            if (tooMany
                    || (settings.days() > 0
                            && Files.getLastModifiedTime(file).toInstant().isBefore(oldest))) {
                Files.delete(file);
            }
        }
    }

    private static boolean isBackup(Path file) {
        return String.valueOf(file.getFileName()).matches("olla-\\d{4}-\\d\\d-\\d\\dT[-\\d.]+\\.log(\\.gz)?");
    }
}
