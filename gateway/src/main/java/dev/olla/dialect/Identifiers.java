package dev.olla.dialect;

import java.math.BigInteger;
import java.util.random.RandomGenerator;

/// Makes up the names that formats want answers and calls to have.
///
/// @param random where they come from; safe for all threads if this is
public record Identifiers(RandomGenerator random) {

    /// The alphabet of base58 as Bitcoin has it: no letters that look alike.
    private static final String ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    private static final BigInteger BASE = BigInteger.valueOf(58);

    /// 58^22 is more than 2^128.
    private static final int DIGITS = 22;

    /// An Anthropic message.
    public String message() {
        return "msg_01" + unique();
    }

    /// An Anthropic tool call.
    public String toolUse() {
        return "toolu_01" + unique();
    }

    /// An OpenAI chat completion.
    public String completion() {
        return "chatcmpl-" + unique();
    }

    /// An OpenAI response.
    public String response() {
        return "resp_" + unique();
    }

    /// An item of an OpenAI response.
    ///
    /// @param kind `msg`, `rs`, `fc`
    public String item(String kind) {
        return kind + '_' + unique();
    }

    /// 128 random bits in 22 digits of base58.
    public String unique() {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        BigInteger rest = new BigInteger(1, bits);
        StringBuilder digits = new StringBuilder(DIGITS);
        for (int i = 0; i < DIGITS; i++) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            digits.append(ALPHABET.charAt(parts[1].intValue()));
            rest = parts[0];
        }
        return digits.reverse().toString();
    }
}
