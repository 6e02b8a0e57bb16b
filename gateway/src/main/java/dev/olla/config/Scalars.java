package dev.olla.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The rules by which the text of a scalar becomes a value.
final class Scalars {

    private static final Pattern DECIMAL = Pattern.compile("[-+]?(?:0|[1-9][0-9_]*)");
    private static final Pattern WHOLE_FLOAT = Pattern.compile("[-+]?[0-9]+(?:\\.[0-9]*)?(?:[eE][-+]?[0-9]{1,2})?");
    private static final Pattern DURATION_PART = Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Pattern BARE_NUMBER = Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)");
    private static final Pattern SIZE = Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+) ?(?:([kmgtp])(?:i?b)?|b)?");
    private static final int MAX_NUMBER_LENGTH = 64;
    private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

    private Scalars() {}

    /// The text is no value of the wanted type; the message says what would be.
    static final class BadValue extends Exception {
        BadValue(String message) {
            super(message, null, false, false);
        }
    }

    /// A run of numbers with units, such as `1h30m` or `1.5s`.
    static Duration duration(Value value) throws BadValue {
        String text = number(value);
        if (BARE_NUMBER.matcher(text).matches()) {
            return bareDuration(value, text);
        }
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = DURATION_PART.matcher(rest);
        int end = 0;
        while (end < rest.length() && part.find(end) && part.start() == end) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(nanosOf(part.group(2))));
            end = part.end();
        }
        if (end < rest.length() || rest.isEmpty()) {
            throw new BadValue(value.shown() + " is no duration: write one such as 500ms, 30s, 5m or 1h30m");
        }
        if (nanos.compareTo(MAX_NANOS) > 0) {
            throw new BadValue(value.shown() + " is too long: the longest duration is about 292 years");
        }
        long length = nanos.longValue();
        return Duration.ofNanos(negative ? -length : length);
    }

    private static String number(Value value) throws BadValue {
        String text = value.text().strip();
        if (text.length() > MAX_NUMBER_LENGTH) {
            throw new BadValue(value.shown() + " is too long for a number");
        }
        return text;
    }

    /// A number without a unit is no duration, except a 0 that is not a number in YAML.
    private static Duration bareDuration(Value value, String text) throws BadValue {
        if (text.equals("0") && !value.plain()) {
            return Duration.ZERO;
        }
        String advice = text.matches("[-+]?0+") ? "write 0s" : "write " + text + "s or " + text + "ms";
        throw new BadValue(value.shown() + " has no unit: " + advice);
    }

    private static BigDecimal nanosOf(String unit) {
        return BigDecimal.valueOf(
                switch (unit) {
                    case "ns" -> 1L;
                    case "ms" -> 1_000_000L;
                    case "s" -> 1_000_000_000L;
                    case "m" -> 60_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    default -> 1_000L;
                });
    }

    /// A whole number, written without quotes.
    static long integer(Value value) throws BadValue {
        String text = number(value);
        try {
            if (value.plain() || value.fromVariable()) {
                if (DECIMAL.matcher(text).matches()) {
                    return Long.parseLong(text.replace("_", ""));
                }
                if (text.startsWith("0x") || text.startsWith("0X")) {
                    return Long.parseLong(text.substring(2), 16);
                }
                if (text.startsWith("0o")) {
                    return Long.parseLong(text.substring(2), 8);
                }
                if (WHOLE_FLOAT.matcher(text).matches() && !text.matches("[-+]?0[0-9].*")) {
                    return new BigDecimal(text).longValueExact();
                }
            }
        } catch (ArithmeticException | NumberFormatException _) {
            // Said below.
        }
        boolean decimal = DECIMAL.matcher(text).matches();
        boolean quoted = !value.plain() && !value.fromVariable();
        if (decimal && quoted) {
            throw new BadValue("a number stands without quotes: write " + text);
        }
        throw new BadValue(
                value.shown() + (decimal ? " is beyond any number that is of use here" : " is no whole number"));
    }

    /// A number with or without a fraction, not negative, written without quotes.
    static double decimal(Value value) throws BadValue {
        String text = number(value);
        if (!value.plain() || !WHOLE_FLOAT.matcher(text).matches() || text.startsWith("-")) {
            throw new BadValue(value.shown() + " is no number from 0 on");
        }
        return Double.parseDouble(text);
    }

    static boolean bool(Value value) throws BadValue {
        String text = value.text().strip();
        if (value.fromVariable()) {
            switch (text) {
                case "1", "t", "T" -> {
                    return true;
                }
                case "0", "f", "F" -> {
                    return false;
                }
                default -> {}
            }
        }
        return switch (oneCase(text)) {
            case "true", "y", "yes", "on" -> true;
            case "false", "n", "no", "off" -> false;
            default -> throw new BadValue(value.shown() + " is neither true nor false");
        };
    }

    /// Lower-cased if the text is in lower, Title or UPPER case, else as it is.
    private static String oneCase(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean regular = text.equals(lower)
                || text.equals(text.toUpperCase(Locale.ROOT))
                || text.substring(1).equals(lower.substring(1));
        return regular ? lower : text;
    }

    /// Bytes as a user would write them.
    static String megabytes(long bytes) {
        long megabyte = 1L << 20;
        return Math.abs(bytes) < megabyte ? Long.toString(bytes) : bytes / megabyte + "MB";
    }

    /// Bytes: a whole number, or a number with a unit such as `100MB` or `1.5 GiB`; units are powers of 1024.
    static long bytes(Value value) throws BadValue {
        String text = number(value);
        if (text.matches("[-+]?[0-9_]+")) {
            return integer(new Value(text, true, value.line(), value.variable()));
        }
        Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            throw new BadValue(value.shown() + " is no size: write bytes, or a number with a unit such as 100MB");
        }
        String unit = size.group(2);
        int shift = unit == null ? 0 : 10 * ("kmgtp".indexOf(unit) + 1);
        BigDecimal bytes = new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(1L << shift));
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new BadValue(value.shown() + " is too large");
        }
        return bytes.longValue();
    }
}
