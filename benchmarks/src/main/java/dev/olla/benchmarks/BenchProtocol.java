package dev.olla.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.zip.CRC32;

/// What the load client and the backend agree on: header names, the model, the fixed answer.
final class BenchProtocol {

    static final String MODEL = "bench-model";
    static final String PATH = "/v1/chat/completions";

    /// Milliseconds between two events of a stream; 0 sends them all at once.
    static final String INTERVAL_HEADER = "X-Bench-Interval-Ms";

    /// How many events a stream has before `[DONE]`.
    static final String EVENTS_HEADER = "X-Bench-Events";

    /// The number of the stream, repeated in each of its events.
    static final String STREAM_HEADER = "X-Bench-Stream";

    /// The JSON answered to a request that does not stream: 1 KiB.
    static final String ANSWER = answer(1024);

    static final long ANSWER_CHECKSUM = answerChecksum();

    private BenchProtocol() {}

    private static String answer(int bytes) {
        String head = """
                {"id":"chatcmpl-bench","object":"chat.completion","created":1,"model":"bench-model",\
                "choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":\"""";
        String tail = """
                "}}],"usage":{"prompt_tokens":200,"completion_tokens":150,"total_tokens":350}}""";
        return head + Prompt.text(bytes - head.length() - tail.length()) + tail;
    }

    private static long answerChecksum() {
        CRC32 checksum = new CRC32();
        checksum.update(ANSWER.getBytes(US_ASCII));
        return checksum.getValue();
    }
}
