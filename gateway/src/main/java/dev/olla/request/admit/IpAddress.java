package dev.olla.request.admit;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// An IP address as 128 bits; an IPv4 address and its IPv4-mapped form (RFC 4291 §2.5.5.2) are the same.
///
/// @param high the first 64 bits
/// @param low the last 64 bits
public record IpAddress(long high, long low) {

    private static final long MAPPED = 0xFFFF_0000_0000L;
    private static final int LONGEST = "0000:0000:0000:0000:0000:ffff:255.255.255.255".length();
    private static final int GROUPS = 8;

    public static IpAddress of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4
                ? new IpAddress(0, MAPPED | number(bytes, 0, 4))
                : new IpAddress(number(bytes, 0, 8), number(bytes, 8, 16));
    }

    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number << 8 | (bytes[i] & 0xFF);
        }
        return number;
    }

    /// Reads four decimal numbers, or the forms of RFC 4291 §2.2 without brackets and zone; null for anything else.
    public static @Nullable IpAddress parse(String text) {
        return text.indexOf(':') < 0 ? parseIpv4(text) : parseIpv6(text);
    }

    /// Leading zeros are refused: some programs take them for octal.
    private static @Nullable IpAddress parseIpv4(String text) {
        String[] parts = text.split("\\.", 5);
        long bits = MAPPED;
        int shift = 24;
        for (String part : parts) {
            int number = octet(part);
            if (parts.length != 4 || number < 0) {
                return null;
            }
            bits |= (long) number << shift;
            shift -= 8;
        }
        return new IpAddress(0, bits);
    }

    private static int octet(String text) {
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (i == 3 || digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        boolean leadingZero = text.length() > 1 && text.charAt(0) == '0';
        return text.isEmpty() || leadingZero || number > 255 ? -1 : number;
    }

    private static @Nullable IpAddress parseIpv6(String text) {
        if (text.length() > LONGEST || !text.chars().allMatch(IpAddress::isOfIpv6)) {
            return null;
        }
        try {
            return of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static boolean isOfIpv6(int c) {
        return c == ':' || c == '.' || (c < 128 && Character.digit(c, 16) >= 0);
    }

    public boolean isIpv4() {
        return high == 0 && low >>> 32 == 0xFFFF;
    }

    /// `127.0.0.0/8` and `::1`.
    public boolean isLoopback() {
        return isIpv4() ? (low >>> 24 & 0xFF) == 127 : high == 0 && low == 1;
    }

    /// Four decimal numbers, or the short form of RFC 5952 §4.
    @Override
    public String toString() {
        if (isIpv4()) {
            return (low >>> 24 & 0xFF) + "." + (low >>> 16 & 0xFF) + "." + (low >>> 8 & 0xFF) + "." + (low & 0xFF);
        }
        int start = 0;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = zerosFrom(i);
            if (zeros > length) {
                start = i;
                length = zeros;
            }
        }
        return length < 2 ? groups(0, GROUPS) : groups(0, start) + "::" + groups(start + length, GROUPS);
    }

    private int zerosFrom(int first) {
        int end = first;
        while (end < GROUPS && group(end) == 0) {
            end++;
        }
        return end - first;
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (16 * (3 - index % 4)) & 0xFFFF);
    }

    private String groups(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i == from ? "" : ":").append(Integer.toHexString(group(i)));
        }
        return text.toString();
    }
}
