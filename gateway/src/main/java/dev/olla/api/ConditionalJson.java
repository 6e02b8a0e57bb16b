package dev.olla.api;

import dev.olla.http.Exchange;
import dev.olla.http.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers a status page, compressed where the client takes that, or that it hasn't changed (RFC 9110 §13.1.2).
///
/// The entity tag covers what a reader would call a change: moments, and times relative to now, are left out.
final class ConditionalJson {

    private static final int MAX_FIELD = 1024;
    private static final int MIN_GZIP = 256;

    /// Fields that change by the passing of time alone, or with every probe.
    private static final Set<String> PASSING = Set.of(
            "timestamp",
            "uptime",
            "last_check",
            "next_check",
            "next_check_at",
            "health_check",
            "health_check_at",
            "response_time",
            "last_updated",
            "last_model_sync",
            "last_model_sync_at",
            "last_seen",
            "last_seen_at");

    private ConditionalJson() {}

    static void respond(Exchange exchange, Object page) {
        JsonNode tree = Json.MAPPER.valueToTree(page);
        byte[] body = Json.MAPPER.writeValueAsBytes(tree);
        String tag = entityTag(tree);
        Headers headers = Headers.of("ETag", tag, "Cache-Control", "private, no-cache", "Vary", "Accept-Encoding");
        Headers asked = exchange.request().headers();
        if (matches(asked.all("If-None-Match"), tag)) {
            exchange.respond(304, headers, new byte[0]);
            return;
        }
        headers.add("Content-Type", Json.CONTENT_TYPE);
        if (body.length >= MIN_GZIP && acceptsGzip(asked.all("Accept-Encoding"))) {
            headers.add("Content-Encoding", "gzip");
            body = gzip(body);
        }
        exchange.respond(200, headers, body);
    }

    /// Changes the tree: takes the passing fields out of it.
    private static String entityTag(JsonNode tree) {
        removePassing(tree);
        long hash = fnv1a(Json.MAPPER.writeValueAsBytes(tree));
        return "W/\"" + Long.toUnsignedString(hash, 36) + '"';
    }

    private static void removePassing(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(PASSING);
        }
        for (JsonNode child : node) {
            removePassing(child);
        }
    }

    private static long fnv1a(byte[] bytes) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
        }
        return hash;
    }

    /// Whether one of the listed tags is this one, compared weakly (RFC 9110 §8.8.3.2).
    private static boolean matches(List<String> fields, String tag) {
        String list = String.join(",", fields);
        if (list.length() > MAX_FIELD) {
            return false;
        }
        for (String listed : list.split(",", -1)) {
            String candidate = listed.strip();
            if (candidate.equals("*") || opaque(candidate).equals(opaque(tag))) {
                return true;
            }
        }
        return false;
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    /// RFC 9110 §12.5.3: `gzip` by name, else by `*`, with a weight above zero.
    private static boolean acceptsGzip(List<String> fields) {
        String list = String.join(",", fields).toLowerCase(Locale.ROOT);
        if (list.length() > MAX_FIELD) {
            return false;
        }
        boolean any = false;
        for (String listed : list.split(",", -1)) {
            String[] parts = listed.split(";", -1);
            String coding = parts[0].strip();
            if (coding.equals("gzip")) {
                return weight(parts) > 0;
            }
            any |= coding.equals("*") && weight(parts) > 0;
        }
        return any;
    }

    /// 1 where none is given, 0 where it isn't a number.
    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                return parameter.matches("q=[01](\\.\\d{0,3})?") ? Double.parseDouble(parameter.substring(2)) : 0;
            }
        }
        return 1;
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }
}
