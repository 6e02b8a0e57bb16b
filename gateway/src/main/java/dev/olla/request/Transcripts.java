package dev.olla.request;

import dev.olla.dialect.Json;
import dev.olla.http.Body;
import dev.olla.http.Headers;
import dev.olla.request.FormatSettings.InspectorSettings;
import dev.olla.request.admit.RequestIds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes conversations of Anthropic's API to files, one for each session and day, for debugging: nothing is left
/// out or made unreadable.
///
/// Safe for all threads; no method but [#close] waits. One thread writes, so lines keep their order.
public final class Transcripts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Transcripts.class);

    private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final String NO_SESSION = "default";

    /// The length of the day in a time.
    private static final int DAY = 10;

    /// What waits to be written takes memory; beyond this much, in bytes, lines are left out.
    private static final long MOST_WAITING = 64L << 20;

    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("transcripts").factory());
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicBoolean used = new AtomicBoolean();

    /// Where the lines of a session go.
    record Place(Path folder, String session) {}

    public Transcripts(InstantSource clock) {
        this.clock = clock;
    }

    /// For one request.
    ///
    /// @param client its fields, which may name the session
    /// @param model as the client spelled it
    Transcript of(Headers client, InspectorSettings settings, String model) {
        if (!used.getAndSet(true)) {
            LOG.warn("Conversations are written to {} as they are: for debugging only", settings.folder());
        }
        return new Transcript(this, new Place(settings.folder(), session(client, settings.sessionHeader())), model);
    }

    private static String session(Headers client, String header) {
        String named = client.first(header);
        if (named == null) {
            named = client.first(RequestIds.REQUEST_HEADER);
        }
        if (named == null) {
            return NO_SESSION;
        }
        if (SESSION.matcher(named).matches()) {
            return named;
        }
        LOG.warn("A session has a name that no file may have: it is written to {}.jsonl", NO_SESSION);
        return NO_SESSION;
    }

    /// @param body JSON on any number of lines
    void request(Place place, String model, Body body) {
        Body kept = body.retain();
        boolean taken = add(place, line("request").put("model", model), kept.length(), () -> {
            try {
                return kept.bytes();
            } finally {
                kept.release();
            }
        });
        if (!taken) {
            kept.release();
        }
    }

    /// @param message JSON
    void response(Place place, byte[] message) {
        boolean _ = add(place, line("response"), message.length, () -> message);
    }

    private ObjectNode line(String type) {
        OffsetDateTime now = OffsetDateTime.ofInstant(clock.instant(), ZoneId.systemDefault());
        return Json.object()
                .put("type", type)
                .put("ts", now.truncatedTo(ChronoUnit.SECONDS).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
    }

    private boolean add(Place place, ObjectNode head, long length, Supplier<byte[]> body) {
        if (waiting.addAndGet(length) > MOST_WAITING || writer.isShutdown()) {
            waiting.addAndGet(-length);
            LOG.warn("A line for {}.jsonl is left out: too many wait to be written", place.session());
            return false;
        }
        writer.execute(() -> {
            try {
                write(place, head, body.get());
            } catch (IOException | UncheckedIOException e) {
                LOG.warn("A line for {}.jsonl can't be written: {}", place.session(), e.toString());
            } finally {
                waiting.addAndGet(-length);
            }
        });
        return true;
    }

    private static void write(Place place, ObjectNode head, byte[] body) throws IOException {
        String start = Json.text(head);
        ByteArrayOutputStream line = new ByteArrayOutputStream(start.length() + body.length + 12);
        line.writeBytes(start.substring(0, start.length() - 1).getBytes(StandardCharsets.UTF_8));
        line.writeBytes(",\"body\":".getBytes(StandardCharsets.US_ASCII));
        line.writeBytes(onOneLine(body));
        line.writeBytes("}\n".getBytes(StandardCharsets.US_ASCII));
        Path folder = place.folder().resolve(head.path("ts").asString().substring(0, DAY));
        Files.createDirectories(folder, owners(folder, "rwx------"));
        append(folder.resolve(place.session() + ".jsonl"), line.toByteArray());
    }

    /// JSON holds line ends between its tokens only, where a space means the same.
    private static byte[] onOneLine(byte[] json) {
        byte[] line = json.clone();
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\n' || line[i] == '\r') {
                line[i] = ' ';
            }
        }
        return line;
    }

    private static void append(Path file, byte[] line) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        try (SeekableByteChannel channel = Files.newByteChannel(file, options, owners(file, "rw-------"))) {
            ByteBuffer rest = ByteBuffer.wrap(line);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
    }

    /// Nobody else may read it, where the file system knows that.
    private static FileAttribute<?>[] owners(Path path, String permissions) {
        boolean known = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return known
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /// Writes what waits, for a few seconds at most.
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Not all conversations could be written to their files");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
