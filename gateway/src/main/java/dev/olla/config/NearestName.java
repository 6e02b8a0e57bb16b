package dev.olla.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The known name that a misspelt one was probably meant to be.
final class NearestName {

    private static final int MAX_LENGTH = 100;

    private NearestName() {}

    /// Null if none is near: more than two letters, or a third of them, would have to change.
    static @Nullable String of(String name, Collection<String> known) {
        String wanted = plain(name);
        if (wanted.length() > MAX_LENGTH) {
            return null;
        }
        String nearest = null;
        int least = Math.min(2, Math.max(1, wanted.length() / 3)) + 1;
        for (String candidate : known) {
            int changes = changes(wanted, plain(candidate));
            if (changes < least) {
                least = changes;
                nearest = candidate;
            }
        }
        return nearest;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /// Letters to insert, delete, replace or swap with their neighbour (Damerau, Levenshtein).
    private static int changes(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int replaced = distance[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int best = Math.min(replaced, Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                distance[i][j] = swapped ? Math.min(best, distance[i - 2][j - 2] + 1) : best;
            }
        }
        return distance[a.length()][b.length()];
    }
}
