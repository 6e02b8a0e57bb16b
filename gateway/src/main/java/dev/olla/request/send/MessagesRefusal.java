package dev.olla.request.send;

import dev.olla.dialect.ErrorFormat;
import dev.olla.http.ResponseHead;
import java.nio.charset.StandardCharsets;

/// Tells the answer of a server that doesn't know Anthropic's Messages API from one that only refuses a request.
final class MessagesRefusal {

    /// LM Studio answers 200 whatever it is asked.
    private static final String UNEXPECTED = "{\"error\":\"Unexpected endpoint or method";

    private static final int SHORT = 4 * 1024;

    private MessagesRefusal() {}

    /// Whether the body has to be looked at.
    static boolean mayBe(ResponseHead head) {
        if (head.status() == 404 || head.status() == 405) {
            return true;
        }
        String length = head.headers().first("Content-Length");
        return head.status() == 200 && length != null && length.length() <= 4 && Integer.parseInt(length) <= SHORT;
    }

    /// A model that isn't there is told in the words of the API.
    static boolean is(ResponseHead head, byte[] body) {
        return head.status() == 200
                ? new String(body, StandardCharsets.UTF_8).startsWith(UNEXPECTED)
                : !ErrorFormat.isAnthropic(body);
    }
}
