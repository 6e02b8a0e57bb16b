package dev.olla.testbed;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A model that a simulated server lists and serves; `size` is in bytes, `digest` is 64 hexadecimal digits.
public record SimulatedModel(String name, long size, String digest, int contextLength) {

    private static final int USUAL_CONTEXT = 32_768;

    public SimulatedModel {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a model needs a name");
        }
    }

    /// A model of two gigabytes with a digest derived from its name.
    public static SimulatedModel of(String name) {
        return of(name, 2_000_000_000L);
    }

    /// A model whose digest is derived from its name, so that equal names mean equal models.
    public static SimulatedModel of(String name, long size) {
        return new SimulatedModel(name, size, digestOf(name), USUAL_CONTEXT);
    }

    /// A model with the digest given, to simulate one model under two names or two models under one.
    public static SimulatedModel of(String name, long size, String digest) {
        return new SimulatedModel(name, size, digest, USUAL_CONTEXT);
    }

    /// The same model with another longest context, in tokens.
    public SimulatedModel withContextLength(int tokens) {
        return new SimulatedModel(name, size, digest, tokens);
    }

    /// The part of the name before the first `:`, without its publisher.
    String family() {
        String withoutTag = name.substring(0, name.indexOf(':') < 0 ? name.length() : name.indexOf(':'));
        return withoutTag.substring(withoutTag.lastIndexOf('/') + 1);
    }

    /// The part of the name before the last `/`, or `simulated`.
    String publisher() {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? "simulated" : name.substring(0, slash);
    }

    private static String digestOf(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Whether it is of a family that thinks before it answers.
    boolean thinks() {
        return name.contains("qwen3") || name.contains("gpt-oss") || name.contains("deepseek-r1");
    }
}
