package dev.olla.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The version of an inference server, for comparison: `0.14.0`, `0.14.0-rc1`, `b4847`.
///
/// @param numbers those before any suffix, from the left
/// @param preliminary whether it comes before the release of the same numbers
public record ServerVersion(List<Long> numbers, boolean preliminary) implements Comparable<ServerVersion> {

    private static final Pattern NUMBERS = Pattern.compile("\\d{1,18}(?:\\.\\d{1,18})*");
    private static final Pattern SUFFIX = Pattern.compile("-?(?:rc|alpha|beta|dev|pre).*", Pattern.CASE_INSENSITIVE);

    public ServerVersion {
        numbers = List.copyOf(numbers);
    }

    /// Reads the first run of numbers; a text without any is lower than every other.
    public static ServerVersion of(String text) {
        Matcher found = NUMBERS.matcher(text);
        if (!found.find()) {
            return new ServerVersion(List.of(), false);
        }
        List<Long> numbers = new ArrayList<>();
        for (String number : found.group().split("\\.", -1)) {
            numbers.add(Long.parseLong(number));
        }
        return new ServerVersion(
                numbers, SUFFIX.matcher(text.substring(found.end())).matches());
    }

    /// Numbers that are missing count as zero.
    @Override
    public int compareTo(ServerVersion other) {
        for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
            int compared = Long.compare(number(i), other.number(i));
            if (compared != 0) {
                return compared;
            }
        }
        if (numbers.isEmpty() != other.numbers.isEmpty()) {
            return numbers.isEmpty() ? -1 : 1;
        }
        return Boolean.compare(other.preliminary, preliminary);
    }

    private long number(int index) {
        return index < numbers.size() ? numbers.get(index) : 0;
    }
}
