package dev.olla.dialect;

import dev.olla.dialect.anthropic.MessagesRequestReader;
import dev.olla.dialect.openai.ChatRequestWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Times translation by hand; no test. Run its `main` from an IDE, or with the class path of the tests.
///
/// Prints the median of the rounds after as many rounds of warming up.
final class TranslationTiming {

    private static final int ROUNDS = 40;
    private static final int EVENTS = 20_000;

    private static volatile @Nullable Object last;

    private TranslationTiming() {}

    public static void main(String[] args) throws BadRequest {
        byte[] chunk =
                Wire.utf8("data: {\"id\":\"chatcmpl-123\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                        + "\"model\":\"qwen3:8b\",\"system_fingerprint\":\"fp_ollama\",\"choices\":[{\"index\":0,\"delta\":"
                        + "{\"role\":\"assistant\",\"content\":\" token\"},\"finish_reason\":null}]}\n\n");
        byte[] delta = Wire.utf8("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                + "\"delta\":{\"type\":\"text_delta\",\"text\":\" token\"}}\n\n");
        byte[] start = Wire.utf8("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
                + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n");
        byte[] request = request();
        say(
                "a chunk to a message event, µs",
                1e3 * EVENTS,
                () -> stream(chunk, chunk, Wire.openAiReader(), Wire.anthropicWriter()));
        say(
                "a message event to a chunk, µs",
                1e3 * EVENTS,
                () -> stream(start, delta, Wire.anthropicReader(), Wire.openAiWriter()));
        say("a request of " + request.length / 1024 + " KiB, ms", 1e6, () -> last = translated(request));
    }

    private static void stream(byte[] first, byte[] event, AnswerReader reader, AnswerWriter writer) {
        reader.read(first, 0, first.length, happened -> last = writer.write(happened));
        for (int i = 0; i < EVENTS; i++) {
            reader.read(event, 0, event.length, happened -> last = writer.write(happened));
        }
    }

    private static byte[] translated(byte[] request) {
        try {
            Conversation conversation = new MessagesRequestReader().read(Json.tree(request, 0, request.length));
            return Json.bytes(new ChatRequestWriter().write(conversation, "m", Abilities.NONE));
        } catch (BadRequest wrong) {
            throw new AssertionError(wrong);
        }
    }

    /// As a coding agent's: long tools, many turns with calls and results.
    private static byte[] request() {
        StringBuilder text = new StringBuilder("{'model':'m','max_tokens':8000,'system':'You help.','tools':[");
        for (int i = 0; i < 20; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("{'name':'tool")
                    .append(i)
                    .append("','description':'")
                    .append("Does things. ".repeat(150))
                    .append("','input_schema':{'type':'object','properties':{'path':")
                    .append("{'type':'string'},'limit':{'type':'number','minimum':0.5}},'required':['path']}}");
        }
        text.append("],'messages':[{'role':'user','content':'Go.'}");
        for (int i = 0; i < 90; i++) {
            text.append(",{'role':'assistant','content':[{'type':'text','text':'Reading.'},{'type':'tool_use','id':'t")
                    .append(i)
                    .append("','name':'tool1','input':{'path':'/a/b/c','limit':10}}]},{'role':'user','content':")
                    .append("[{'type':'tool_result','tool_use_id':'t")
                    .append(i)
                    .append("','content':'")
                    .append("line of code;\\n".repeat(270))
                    .append("'}]}");
        }
        return Wire.utf8(text.append("]}").toString().replace('\'', '"'));
    }

    private static void say(String what, double unit, Runnable once) {
        List<Runnable> rounds = java.util.Collections.nCopies(2 * ROUNDS, once);
        double[] times = new double[rounds.size()];
        for (int i = 0; i < times.length; i++) {
            long begun = System.nanoTime();
            rounds.get(i).run();
            times[i] = (System.nanoTime() - begun) / unit;
        }
        double[] warm = Arrays.copyOfRange(times, ROUNDS, times.length);
        Arrays.sort(warm);
        System.out.printf("%-40s %8.3f%n", what, warm[ROUNDS / 2]);
    }
}
