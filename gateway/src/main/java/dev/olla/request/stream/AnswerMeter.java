package dev.olla.request.stream;

import dev.olla.fleet.AnswerFormulas;
import dev.olla.http.ResponseHead;
import dev.olla.telemetry.AnswerFigures;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Reads what an answer tells of its cost from the bytes that pass, without holding or changing them.
///
/// Costs a copy of at most 3 KiB for a stream, and of 64 KiB for an answer that comes whole; nothing is parsed
/// before the end. Lives on the event loop of its exchange.
final class AnswerMeter {

    private static final int STREAM_HEAD = 1024;
    private static final int WHOLE_HEAD = 64 * 1024;
    private static final int TAIL = 2048;
    private static final Pattern RESPONSE_ID = Pattern.compile("\"id\"\\s*:\\s*\"(resp[\\w-]{1,200})\"");

    private final AnswerTail kept;

    private final AnswerFormulas formulas;

    private AnswerMeter(AnswerTail kept, AnswerFormulas formulas) {
        this.kept = kept;
        this.formulas = formulas;
    }

    /// For an answer that may tell something; null for one that is no JSON, is compressed or is an error.
    ///
    /// @param formulas of the kind of server, which may leave its answers unread
    static @Nullable AnswerMeter of(ResponseHead head, AnswerFormulas formulas) {
        String type = head.headers().first("Content-Type");
        if (!formulas.extraction().enabled()
                || head.status() != 200
                || type == null
                || head.headers().contains("Content-Encoding")) {
            return null;
        }
        String lower = type.toLowerCase(Locale.ROOT);
        if (FlushPolicy.isStream(lower)) {
            return new AnswerMeter(new AnswerTail(STREAM_HEAD, TAIL), formulas);
        }
        return lower.startsWith("application/json")
                ? new AnswerMeter(new AnswerTail(WHOLE_HEAD, TAIL), formulas)
                : null;
    }

    /// Leaves the buffer as it is.
    void passed(ByteBuf data) {
        kept.add(data);
    }

    /// What the answer has told so far; parses, so it is asked once.
    AnswerFigures figures() {
        List<ObjectNode> pieces = AnswerPieces.of(kept);
        return ProfileFigures.added(FigureReader.read(pieces), formulas, pieces);
    }

    /// The name of a response of OpenAI's, which stands near its beginning; null where there is none.
    @Nullable
    String responseId() {
        Matcher found = RESPONSE_ID.matcher(new String(kept.head(), StandardCharsets.UTF_8));
        return found.find() ? found.group(1) : null;
    }
}
