package dev.olla.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Parses the head of a message strictly (RFC 9112 §3 to §5).
///
/// Refused are: obsolete line folding, white space before a colon, control characters, a name that is no token,
/// and a version that is not HTTP/1.x.
final class HeadParser {

    private static final int MAX_METHOD = 32;
    private static final int MAX_FIELDS = 1000;

    private final byte[] head;
    private int at;

    /// @param head with its empty line; every line ends with CRLF
    private HeadParser(byte[] head) {
        this.head = head;
    }

    static RequestHead request(byte[] head) throws MalformedMessage {
        HeadParser parser = new HeadParser(head);
        String method = parser.method();
        String target = parser.target();
        int minorVersion = parser.version();
        parser.lineEnd();
        return new RequestHead(method, originForm(method, target), minorVersion, parser.fields());
    }

    /// Method and target of a head that is refused, so that the answer can suit the caller; null when they can't be
    /// read either.
    ///
    /// @param head its beginning, of any length
    static @Nullable RequestHead requestLine(byte[] head) {
        HeadParser parser = new HeadParser(Arrays.copyOf(head, head.length + 1));
        try {
            String method = parser.method();
            return new RequestHead(method, originForm(method, parser.target()), 1, new Headers());
        } catch (MalformedMessage _) {
            return null;
        }
    }

    /// @return the head and the minor version of the server
    static ParsedResponse response(byte[] head) throws MalformedMessage {
        HeadParser parser = new HeadParser(head);
        int minorVersion = parser.version();
        parser.expect(' ');
        int status = parser.status();
        parser.skipReason();
        return new ParsedResponse(new ResponseHead(status, parser.fields()), minorVersion);
    }

    /// A response head with the version of its server.
    record ParsedResponse(ResponseHead head, int minorVersion) {}

    private String method() throws MalformedMessage {
        int start = at;
        while (Tokens.isTokenCharacter(head[at])) at++;
        if (at == start || at - start > MAX_METHOD) {
            throw new MalformedMessage("the request line has no valid method");
        }
        String method = text(start, at);
        expect(' ');
        return method;
    }

    private String target() throws MalformedMessage {
        int start = at;
        boolean ascii = true;
        while ((head[at] & 0xFF) > 0x20 && head[at] != 0x7F) {
            ascii &= head[at] > 0;
            at++;
        }
        if (at == start) {
            throw new MalformedMessage("the request line has no target");
        }
        String target = ascii ? text(start, at) : percentEncoded(start, at);
        expect(' ');
        return target;
    }

    /// Strips scheme and authority of the absolute form, which servers must accept, and the fragment, which nobody
    /// should send (RFC 9112 §3.2).
    private static String originForm(String method, String target) throws MalformedMessage {
        if (target.equals("*") && method.equals("OPTIONS")) {
            return target;
        }
        int fragment = target.indexOf('#');
        String sent = fragment < 0 ? target : target.substring(0, fragment);
        if (sent.startsWith("/")) {
            return sent;
        }
        int scheme = sent.indexOf("://");
        if (scheme <= 0) {
            throw new MalformedMessage("the request target must start with a slash");
        }
        int path = scheme + 3;
        while (path < sent.length() && sent.charAt(path) != '/' && sent.charAt(path) != '?') {
            path++;
        }
        return sent.startsWith("/", path) ? sent.substring(path) : '/' + sent.substring(path);
    }

    private String percentEncoded(int start, int end) {
        StringBuilder encoded = new StringBuilder(end - start + 16);
        for (int i = start; i < end; i++) {
            if (head[i] > 0) {
                encoded.append((char) head[i]);
            } else {
                encoded.append('%').append(String.format("%02X", head[i] & 0xFF));
            }
        }
        return encoded.toString();
    }

    private int version() throws MalformedMessage {
        for (char c : new char[] {'H', 'T', 'T', 'P', '/'}) {
            expect(c);
        }
        int major = head[at++];
        int dot = head[at++];
        int minor = head[at++];
        if (major < '0' || major > '9' || dot != '.' || minor < '0' || minor > '9') {
            throw new MalformedMessage("the start line has no valid HTTP version");
        }
        if (major != '1') {
            throw new MalformedMessage(
                    RequestProblem.Kind.VERSION_UNSUPPORTED, "only HTTP/1.0 and HTTP/1.1 are spoken here");
        }
        return minor == '0' ? 0 : 1;
    }

    private int status() throws MalformedMessage {
        int status = 0;
        for (int i = 0; i < 3; i++) {
            int digit = head[at++] - '0';
            if (digit < 0 || digit > 9) {
                throw new MalformedMessage("the status line has no valid status");
            }
            status = status * 10 + digit;
        }
        if (status < 100) {
            throw new MalformedMessage("the status line has no valid status");
        }
        return status;
    }

    private void skipReason() throws MalformedMessage {
        if (head[at] != '\r' && head[at] != ' ') {
            throw new MalformedMessage("the status line has no valid status");
        }
        while (head[at] != '\r') {
            at++;
        }
        lineEnd();
    }

    private Headers fields() throws MalformedMessage {
        Headers headers = new Headers();
        while (head[at] != '\r') {
            field(headers);
        }
        lineEnd();
        if (at != head.length) {
            throw new MalformedMessage("a bare CR in the head");
        }
        return headers;
    }

    private void field(Headers headers) throws MalformedMessage {
        int nameStart = at;
        while (Tokens.isTokenCharacter(head[at])) at++;
        if (at == nameStart || head[at] != ':') {
            throw new MalformedMessage("a header line has no valid name");
        }
        int nameEnd = at++;
        while (head[at] == ' ' || head[at] == '\t') at++;
        int valueStart = at;
        while (isValueByte(head[at])) at++;
        int valueEnd = at;
        while (valueEnd > valueStart && (head[valueEnd - 1] == ' ' || head[valueEnd - 1] == '\t')) valueEnd--;
        lineEnd();
        if (headers.size() >= MAX_FIELDS) {
            throw new MalformedMessage(RequestProblem.Kind.HEADERS_TOO_LARGE, "Request headers too large");
        }
        headers.addUnchecked(text(nameStart, nameEnd), text(valueStart, valueEnd));
    }

    static boolean isValueByte(byte b) {
        return b < 0 || (b >= 0x20 && b != 0x7F) || b == '\t';
    }

    private void lineEnd() throws MalformedMessage {
        if (at + 1 >= head.length || head[at] != '\r' || head[at + 1] != '\n') {
            throw new MalformedMessage("an illegal character in the head");
        }
        at += 2;
    }

    private void expect(char c) throws MalformedMessage {
        if (head[at] != c) {
            throw new MalformedMessage("the start line is malformed");
        }
        at++;
    }

    private String text(int start, int end) {
        return new String(head, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
