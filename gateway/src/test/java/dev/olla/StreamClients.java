package dev.olla;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Thousands of clients, each with one stream, on one thread; they check that no event is lost or out of order.
final class StreamClients implements AutoCloseable {

    private static final long LIMIT = Duration.ofMinutes(5).toNanos();
    private static final String BODY = "{\"model\":\"m\",\"messages\":[],\"stream\":true}";
    private static final Pattern WORD = Pattern.compile("\"content\":\" w(\\d+)\"");

    private final Selector selector = Selector.open();
    private final List<Stream> streams = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private final int words;
    /// How many streams have brought each word.
    private final int[] brought;
    private final long started = System.nanoTime();
    private int begun;
    private int ended;
    private long events;
    private long allBegunAt;
    private long allEndedAt;
    private long longestGap;

    /// Opens all of them and asks for a stream each.
    ///
    /// @param words how many the server says in each
    StreamClients(int port, String path, int count, int words) throws IOException {
        this.words = words;
        this.brought = new int[words + 1];
        String head = "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n".formatted(path, BODY.length());
        byte[] request = (head + BODY).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            Stream stream = new Stream(i, channel);
            streams.add(stream);
            channel.register(selector, SelectionKey.OP_READ, stream);
        }
    }

    int begun() {
        return begun;
    }

    /// How many streams have brought that word, from 1.
    int brought(int word) {
        return brought[word];
    }

    int ended() {
        return ended;
    }

    long events() {
        return events;
    }

    long millisUntilAllBegun() {
        return Duration.ofNanos(allBegunAt - started).toMillis();
    }

    long millisUntilAllEnded() {
        return Duration.ofNanos(allEndedAt - started).toMillis();
    }

    /// The longest time that a stream waited for its next bytes, once it had begun.
    long longestGapMillis() {
        return Duration.ofNanos(longestGap).toMillis();
    }

    /// What is wrong with the streams, in words; empty when nothing is.
    List<String> problems() {
        return streams.stream()
                .filter(stream -> stream.problem != null)
                .map(Stream::toString)
                .toList();
    }

    void readUntil(String description, BooleanSupplier condition) throws IOException {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - started > LIMIT) {
                throw new AssertionError("never happened: " + description + "; begun " + begun + ", ended " + ended);
            }
            selector.select(100);
            for (SelectionKey key : selector.selectedKeys()) {
                ((Stream) key.attachment()).read(key);
            }
            selector.selectedKeys().clear();
        }
    }

    @Override
    public void close() throws IOException {
        for (Stream stream : streams) {
            stream.channel.close();
        }
        selector.close();
    }

    private enum Part {
        HEAD,
        SIZE,
        DATA,
        DATA_END,
        OVER
    }

    /// One stream: undoes the chunks and looks at each line.
    private final class Stream {

        private final int number;
        private final SocketChannel channel;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        private final StringBuilder size = new StringBuilder(8);
        private Part part = Part.HEAD;
        private int left;
        private int nextWord = 1;
        private boolean hasBegun;
        private boolean done;
        private long lastReadAt;
        private @Nullable String problem;

        private Stream(int number, SocketChannel channel) {
            this.number = number;
            this.channel = channel;
        }

        private void read(SelectionKey key) throws IOException {
            buffer.clear();
            int count = channel.read(buffer);
            long now = System.nanoTime();
            if (lastReadAt != 0) {
                longestGap = Math.max(longestGap, now - lastReadAt);
            }
            lastReadAt = now;
            buffer.flip();
            while (buffer.hasRemaining() && part != Part.OVER) {
                take(buffer.get());
            }
            if (count < 0 && part != Part.OVER) {
                wrong("closed within " + part);
            }
            if (part == Part.OVER) {
                key.cancel();
                ended++;
                allEndedAt = now;
                if (nextWord != words || !done) {
                    wrong("ended after word " + (nextWord - 1) + ", done " + done);
                }
            }
        }

        private void take(byte next) {
            switch (part) {
                case HEAD -> {
                    if (next == '\n') {
                        headLine(endOfLine());
                    } else {
                        line.write(next);
                    }
                }
                case SIZE -> {
                    if (next == '\n') {
                        left = Integer.parseInt(size.toString().strip(), 16);
                        size.setLength(0);
                        part = left == 0 ? Part.OVER : Part.DATA;
                    } else {
                        size.append((char) next);
                    }
                }
                case DATA -> {
                    if (next == '\n') {
                        dataLine(endOfLine());
                    } else {
                        line.write(next);
                    }
                    if (--left == 0) {
                        part = Part.DATA_END;
                    }
                }
                case DATA_END -> {
                    if (next == '\n') {
                        part = Part.SIZE;
                    }
                }
                case OVER -> {}
            }
        }

        private String endOfLine() {
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            return text;
        }

        private void headLine(String text) {
            if (text.startsWith("HTTP/") && !text.startsWith("HTTP/1.1 200")) {
                wrong(text);
            }
            if (text.equals("\r")) {
                part = Part.SIZE;
            }
        }

        private void dataLine(String text) {
            if (text.isEmpty()) {
                return;
            }
            first();
            events++;
            done |= text.equals("data: [DONE]");
            Matcher word = WORD.matcher(text);
            if (word.find()) {
                word(Integer.parseInt(word.group(1)));
            }
        }

        private void word(int found) {
            if (found != nextWord || found >= words) {
                wrong("word " + found + " in the place of " + nextWord);
                return;
            }
            nextWord++;
            brought[found]++;
        }

        private void first() {
            if (!hasBegun) {
                hasBegun = true;
                begun++;
                allBegunAt = System.nanoTime();
            }
        }

        private void wrong(String what) {
            part = Part.OVER;
            if (problem == null) {
                problem = what;
            }
        }

        @Override
        public String toString() {
            return "stream " + number + ": " + problem;
        }
    }
}
