package dev.olla.config;

import dev.olla.dialect.responses.ResponseStore;
import dev.olla.request.FormatSettings;
import dev.olla.request.FormatSettings.InspectorSettings;
import dev.olla.request.route.TranslationSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `translators`, `responses` and the keys of `proxy` that say how requests are translated.
final class FormatReader {

    private static final long MAX_MESSAGE_SIZE = 100L << 20;

    /// Where nobody wants conversations to be written.
    private static final List<String> SYSTEM_FOLDERS =
            List.of("/etc", "/var", "/usr", "/bin", "/sbin", "/boot", "/sys", "/proc", "/dev", "/root");

    /// The same on Windows, below any drive.
    private static final String WINDOWS_FOLDERS =
            "(?i)[a-z]:\\\\(windows|program files|program files \\(x86\\)|programdata)(\\\\.*)?";

    /// The characters of a token (RFC 9110 §5.6.2).
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    private FormatReader() {}

    static FormatSettings read(Section root, Section proxy) {
        FormatSettings standard = FormatSettings.DEFAULTS;
        Section anthropic = root.section("translators").section("anthropic");
        TranslationSettings routing = new TranslationSettings(
                proxy.bool("translate", standard.routing().widens()),
                anthropic.bool("passthrough_enabled", standard.routing().passthrough()),
                anthropic.bool("prefer_native", standard.routing().preferNative()));
        return new FormatSettings(
                routing,
                proxy.duration("cold_start_grace", standard.coldStartGrace()),
                proxy.duration("cold_start_interval", standard.coldStartInterval()),
                size(proxy, "max_translated_answer", standard.maxTranslatedAnswer()),
                store(root.section("responses").section("store"), standard.responses()),
                anthropic.bool("enabled", standard.anthropic()),
                messageSize(anthropic, standard.maxMessageSize()),
                inspector(anthropic.section("inspector")));
    }

    private static ResponseStore.Limits store(Section section, ResponseStore.Limits standard) {
        return new ResponseStore.Limits(
                section.integer("max_entries", standard.maxEntries(), Range.atLeast(0)),
                size(section, "max_bytes", standard.maxBytes()),
                section.duration("ttl", standard.age()));
    }

    private static long size(Section section, String key, long standard) {
        long size = section.bytes(key, standard);
        if (size < 0) {
            section.error(key, "a size can't be negative");
        }
        return size;
    }

    private static long messageSize(Section section, long standard) {
        long size = section.bytes("max_message_size", standard);
        if (size < 0 || size > MAX_MESSAGE_SIZE) {
            section.error(
                    "max_message_size", size + " is not allowed: 104857600 is the most, and it can't be negative");
        }
        if (size == 0) {
            section.warning("max_message_size", "0 means the default, " + standard);
        }
        return size == 0 ? standard : size;
    }

    private static @Nullable InspectorSettings inspector(Section section) {
        boolean enabled = section.bool("enabled", false);
        String folder = section.text("output_dir", "logs/inspector/anthropic");
        String header = section.text("session_header", "X-Session-ID");
        if (!header.matches(TOKEN)) {
            section.error("session_header", "is no name of a header field");
        }
        Path place = path(folder.isBlank() ? "inspector-logs" : folder);
        if (place == null) {
            section.error("output_dir", "is no name of a folder");
            return null;
        }
        if (enabled && isSystemFolder(place)) {
            section.error("output_dir", "must not be a folder of the system");
        }
        if (enabled) {
            section.warning("enabled", "conversations are written to " + place + " as they are: for debugging only");
        }
        return enabled ? new InspectorSettings(place, header) : null;
    }

    private static @Nullable Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException _) {
            return null;
        }
    }

    private static boolean isSystemFolder(Path folder) {
        Path whole = folder.toAbsolutePath().normalize();
        return whole.equals(whole.getRoot())
                || whole.toString().matches(WINDOWS_FOLDERS)
                || SYSTEM_FOLDERS.stream().anyMatch(whole::startsWith);
    }
}
