package dev.olla.config;

import dev.olla.fleet.EndpointCredential;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads `auth` under an endpoint. Nothing that is written there appears in a message, paths of files included: a
/// token is easily put at the wrong key.
final class AuthReader {

    private static final List<String> TYPES = List.of("bearer", "api_key", "basic");
    private static final List<String> SECRETS = List.of("token", "key", "username", "password");

    private final Section section;
    private final boolean written;
    private final String endpoint;

    /// What is written for one secret: at its key, or at the key for a file that holds it.
    private record Source(
            String key, @Nullable String inline, @Nullable String file) {

        String fileKey() {
            return key + "_file";
        }
    }

    AuthReader(Section endpoint, String name) {
        this.section = endpoint.section("auth");
        this.written = endpoint.opens("auth");
        this.endpoint = name.isEmpty() ? "" : "endpoint " + Secrets.shown(name) + ": ";
    }

    /// Null where none is written, and after a mistake, which is then reported.
    @Nullable
    EndpointCredential read() {
        String type = section.optionalText("type");
        String header = section.text("header", "X-Api-Key");
        Map<String, Source> sources = new LinkedHashMap<>();
        for (String key : SECRETS) {
            sources.put(key, new Source(key, section.optionalText(key), section.optionalText(key + "_file")));
        }
        if (!written) {
            return null;
        }
        return switch (type) {
            case "bearer" -> bearer(sources);
            case "api_key" -> apiKey(header, sources);
            case "basic" -> basic(sources);
            case null, default -> {
                refuseType(type);
                yield null;
            }
        };
    }

    private void refuseType(@Nullable String type) {
        if (type == null && section.has("type")) {
            return; // it is no text, which was said when it was read
        }
        String near = type == null ? null : NearestName.of(type, TYPES);
        mistake(
                "type",
                (type == null ? "one of " : "this type is not known: one of ")
                        + String.join(", ", TYPES)
                        + (type == null ? " is needed" : near == null ? "" : "; did you mean " + near + "?"));
    }

    private @Nullable EndpointCredential bearer(Map<String, Source> sources) {
        String token = header("token", secret(sources.remove("token")));
        refuseOthers("bearer", sources);
        return token == null ? null : EndpointCredential.bearer(token);
    }

    private @Nullable EndpointCredential apiKey(String header, Map<String, Source> sources) {
        String key = header("key", secret(sources.remove("key")));
        refuseOthers("api_key", sources);
        if (!HeaderReader.isName(header)) {
            mistake("header", "this is no header name: letters, digits and dashes make one");
            return null;
        }
        if (HeaderReader.isOurs(header)) {
            mistake("header", "the gateway itself sets this header");
            return null;
        }
        return key == null ? null : EndpointCredential.apiKey(header, key);
    }

    private @Nullable EndpointCredential basic(Map<String, Source> sources) {
        String username = secret(sources.remove("username"));
        String password = secret(sources.remove("password"));
        refuseOthers("basic", sources);
        if (username != null && username.indexOf(':') >= 0) {
            mistake("username", "a colon has no place in it: the server would take it for the end");
            return null;
        }
        return username == null || password == null ? null : EndpointCredential.basic(username, password);
    }

    private void refuseOthers(String type, Map<String, Source> others) {
        others.forEach((_, other) -> {
            if (other.inline() != null || other.file() != null) {
                String key = other.inline() != null ? other.key() : other.fileKey();
                mistake(key, "has no place beside type " + type);
            }
        });
    }

    /// The text itself; null after a mistake.
    private @Nullable String secret(@Nullable Source source) {
        if (source == null) {
            return null;
        }
        if (source.inline() != null && source.file() != null) {
            return mistake(source.fileKey(), "write " + source.key() + " or " + source.fileKey() + ", not both");
        }
        if (source.inline() != null) {
            return inline(source.key(), source.inline());
        }
        if (source.file() != null) {
            return fromFile(source.fileKey(), source.file());
        }
        if (section.has(source.key()) || section.has(source.fileKey())) {
            return null; // it is no text, which was said when it was read
        }
        return mistake(source.key(), "one of " + source.key() + ", " + source.fileKey() + " is needed");
    }

    private @Nullable String inline(String key, String written) {
        SecretText text = SecretText.of(written, section::variable);
        if (!text.missing().isEmpty()) {
            return mistake(key, String.valueOf(text.mistake()));
        }
        if (text.literal()) {
            section.warning(key, endpoint + SecretText.LITERAL);
        }
        return checked(key, text.text());
    }

    private @Nullable String fromFile(String key, String path) {
        return switch (section.file(path)) {
            case CompanionFiles.Content.Text(String text) -> checked(key, text.strip());
            case CompanionFiles.Content.Unusable(String reason) -> mistake(key, reason);
        };
    }

    private @Nullable String checked(String key, String secret) {
        if (secret.isBlank()) {
            return mistake(key, "is empty");
        }
        if (secret.chars().anyMatch(c -> c < 0x20 || c == 0x7F)) {
            return mistake(key, "a secret must be one line without control characters");
        }
        return secret;
    }

    /// The same as part of a header value; null after a mistake.
    private @Nullable String header(String key, @Nullable String secret) {
        if (secret != null && secret.chars().anyMatch(c -> c > 0xFF)) {
            return mistake(key, "holds a character that no header can carry");
        }
        return secret;
    }

    private @Nullable String mistake(String key, String message) {
        section.error(key, endpoint + message);
        return null;
    }
}
