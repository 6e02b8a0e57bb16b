package dev.olla.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadClientTest {

    private static final int EVENTS = 4;
    private static final Timing TIMING = new Timing(Duration.ZERO, Duration.ofMillis(EVENTS), Duration.ofSeconds(30));
    private static final Load ONE_STREAM = new Load.PacedStreams("one stream", 1, Duration.ofMillis(1));
    private static final Load ONE_CONNECTION = new Load.Requests("one connection", 1, "{}", Duration.ZERO);

    private final LoadClient client = new LoadClient(1);

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void findsNothingWrongWithAWholeStream() throws Exception {
        assertThat(faultsOfStream(chunked(event(0) + event(1) + event(2) + event(3) + PacedEvent.DONE)))
                .isEmpty();
    }

    @Test
    void acceptsEventsCutAnywhereByChunks() throws Exception {
        String[] pieces = (event(0) + event(1) + event(2) + event(3) + PacedEvent.DONE).split("(?<=[,\n])");
        assertThat(faultsOfStream(chunked(pieces))).isEmpty();
    }

    @Test
    void ignoresComments() throws Exception {
        assertThat(faultsOfStream(chunked(": alive\n\n" + event(0) + event(1) + event(2) + event(3) + PacedEvent.DONE)))
                .isEmpty();
    }

    @Test
    void noticesALostEvent() throws Exception {
        assertThat(faultsOfStream(chunked(event(0), event(1), event(3), PacedEvent.DONE)))
                .containsExactly(Map.entry(Fault.LOST, 1L));
    }

    @Test
    void noticesALostEnd() throws Exception {
        assertThat(faultsOfStream(chunked(event(0), event(1), event(2), event(3))))
                .containsExactly(Map.entry(Fault.LOST, 1L));
    }

    @Test
    void noticesAReorderedEvent() throws Exception {
        assertThat(faultsOfStream(chunked(event(0), event(2), event(1), event(3), PacedEvent.DONE)))
                .containsExactly(Map.entry(Fault.REORDERED, 1L));
    }

    @Test
    void noticesARepeatedEvent() throws Exception {
        assertThat(faultsOfStream(chunked(event(0), event(1), event(1), event(2), event(3), PacedEvent.DONE)))
                .containsExactly(Map.entry(Fault.REPEATED, 1L));
    }

    @Test
    void noticesAnAlteredEvent() throws Exception {
        String altered = event(1).replace("few", "new");
        assertThat(faultsOfStream(chunked(event(0), altered, event(2), event(3), PacedEvent.DONE)))
                .containsExactly(Map.entry(Fault.ALTERED, 1L));
    }

    @Test
    void noticesAnAlteredId() throws Exception {
        String altered = event(1).replace("-00000001-", "-00000002-");
        assertThat(faultsOfStream(chunked(event(0), altered, event(2), event(3), PacedEvent.DONE)))
                .containsExactly(Map.entry(Fault.ALTERED, 1L));
    }

    @Test
    void noticesAnEventOfAnotherStream() throws Exception {
        String other = new String(new PacedEvent(7, 1, System.nanoTime()).toBytes(), US_ASCII);
        assertThat(faultsOfStream(chunked(event(0), other, event(2), event(3), PacedEvent.DONE)))
                .containsExactly(Map.entry(Fault.ALTERED, 1L));
    }

    @Test
    void noticesAStreamThatIsCutOff() throws Exception {
        String whole = chunked(event(0), event(1), event(2), event(3), PacedEvent.DONE);
        String cut = whole.substring(0, whole.indexOf("-00000002-"));
        assertThat(faultsOfStream(cut))
                .containsEntry(Fault.CLOSED_EARLY, 1L)
                .containsKey(Fault.ALTERED)
                .containsKey(Fault.LOST);
    }

    @Test
    void countsAStatusOtherThan200OfAStream() throws Exception {
        assertThat(faultsOfStream("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\n{}"))
                .containsExactly(Map.entry(Fault.NOT_200, 1L));
    }

    @Test
    void countsAStatusOtherThan200OfARequest() throws Exception {
        LoadResult result =
                run(ONE_CONNECTION, "HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        assertThat(result.answers()).isZero();
        assertThat(result.faults()).containsOnlyKeys(Fault.NOT_200);
    }

    @Test
    void countsAnAlteredAnswer() throws Exception {
        String altered = BenchProtocol.ANSWER.replace("created", "curated");
        LoadResult result = run(
                ONE_CONNECTION,
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + altered.length() + "\r\n\r\n" + altered);
        assertThat(result.answers()).isZero();
        assertThat(result.faults()).containsOnlyKeys(Fault.ALTERED);
    }

    @Test
    void countsAConnectionClosedBeforeTheAnswer() throws Exception {
        assertThat(run(ONE_CONNECTION, "").faults()).containsOnlyKeys(Fault.CLOSED_EARLY);
    }

    @Test
    void countsWhatIsNotHttp() throws Exception {
        assertThat(run(ONE_CONNECTION, "SSH-2.0-OpenSSH_9.9\r\n\r\n").faults()).containsOnlyKeys(Fault.MALFORMED);
    }

    @Test
    void countsWhatListensNowhere() throws Exception {
        Target nowhere = new Target("127.0.0.1", FreePort.find(), "");
        assertThat(client.start(nowhere, ONE_CONNECTION, TIMING).await().faults())
                .containsOnlyKeys(Fault.NOT_CONNECTED);
    }

    private Map<Fault, Long> faultsOfStream(String answer) throws IOException, InterruptedException {
        return run(ONE_STREAM, answer).faults();
    }

    private LoadResult run(Load load, String answer) throws IOException, InterruptedException {
        try (ScriptedServer server = ScriptedServer.answering(answer)) {
            return client.start(server.target(), load, TIMING).await();
        }
    }

    private static String event(int number) {
        return new String(new PacedEvent(0, number, System.nanoTime()).toBytes(), US_ASCII);
    }

    private static String chunked(String... chunks) {
        return Stream.concat(Arrays.stream(chunks), Stream.of(""))
                .map(chunk -> Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n")
                .collect(Collectors.joining("", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", ""));
    }
}
