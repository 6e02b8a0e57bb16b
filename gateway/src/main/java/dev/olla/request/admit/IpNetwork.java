package dev.olla.request.admit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The addresses that share their first bits: a block in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3).
///
/// An IPv4 network holds no IPv6 address and the other way round, so `::/0` is not everybody.
///
/// @param first the address whose other bits are zero
/// @param length of the shared part, 0 to 128; 96 more than written for an IPv4 network
public record IpNetwork(IpAddress first, int length) {

    public IpNetwork {
        first = masked(first, length);
    }

    /// Reads for instance `10.0.0.0/8` or `::1/128`; null for anything else.
    public static @Nullable IpNetwork parse(String text) {
        int slash = text.indexOf('/');
        IpAddress address = slash < 0 ? null : IpAddress.parse(text.substring(0, slash));
        int written = slash < 0 ? -1 : number(text.substring(slash + 1));
        if (address == null || written < 0) {
            return null;
        }
        boolean shortForm = text.indexOf(':') < 0;
        int length = shortForm ? written + 96 : written;
        return length > 128 ? null : new IpNetwork(address, length);
    }

    /// -1 for what is no number below 1000.
    private static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : -1;
    }

    /// @throws IllegalArgumentException when one of them is no network
    public static List<IpNetwork> listOf(String... texts) {
        return List.of(texts).stream()
                .map(text -> {
                    IpNetwork network = parse(text);
                    if (network == null) {
                        throw new IllegalArgumentException("no network: " + text);
                    }
                    return network;
                })
                .toList();
    }

    public boolean contains(IpAddress address) {
        return address.isIpv4() == isIpv4() && masked(address, length).equals(first);
    }

    private boolean isIpv4() {
        return length >= 96 && first.isIpv4();
    }

    private static IpAddress masked(IpAddress address, int length) {
        return new IpAddress(address.high() & mask(length), address.low() & mask(length - 64));
    }

    /// The first bits of 64 set.
    private static long mask(int length) {
        return length <= 0 ? 0 : length >= 64 ? -1 : -1L << (64 - length);
    }

    @Override
    public String toString() {
        return first + "/" + (isIpv4() ? length - 96 : length);
    }
}
