package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/configuration.md` says what the readers do.
final class ReferencePageTest {

    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final Pattern KEY_ROW =
            Pattern.compile("^\\| `([^`]+)` \\| (\\w+) \\| (?:`([^`]*)`|([^|]*?))? ?\\| ", Pattern.MULTILINE);
    private static final Pattern VARIABLE_ROW =
            Pattern.compile("^\\| `(OLLA_\\w+)` \\| `([^`]+)` \\|$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([a-z_.\\[\\]]+)`");
    private static final String NO_EFFECT = "not in effect";

    @Test
    void everyKeyHasItsRowWithTypeAndDefault() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        KEY_ROW.matcher(section("## Keys", "## Logs"))
                .results()
                .forEach(row -> documented.put(
                        row.group(1),
                        row.group(2) + ", "
                                + (row.group(3) != null
                                        ? row.group(3)
                                        : String.valueOf(row.group(4)).strip())));
        Map<String, String> read = new TreeMap<>();
        keys().values().stream()
                .filter(key -> !key.type().startsWith("no"))
                .forEach(key -> read.put(key.path(), key.type() + ", " + key.standard()));
        assertThat(documented).isEqualTo(read);
    }

    @Test
    void everyKeyWithoutEffectIsListed() throws IOException {
        TreeSet<String> documented = new TreeSet<>();
        CODE.matcher(section("## Known", "## Variables")).results().forEach(key -> documented.add(key.group(1)));
        TreeSet<String> read = new TreeSet<>();
        keys().values().stream().filter(key -> key.type().startsWith("no")).forEach(key -> read.add(key.path()));
        assertThat(documented).isEqualTo(read);
    }

    @Test
    void everyVariableThatHasAnEffectIsListed() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        VARIABLE_ROW
                .matcher(section("## Variables", "## Exit"))
                .results()
                .forEach(row -> documented.put(row.group(1), row.group(2)));
        Map<String, String> read = new TreeMap<>(Variables.KEYS);
        Map<String, Reading.Key> keys = keys();
        read.values().removeIf(path -> {
            Reading.Key key = keys.get(path);
            return key == null || key.type().equals(NO_EFFECT);
        });
        assertThat(documented).isEqualTo(read);
    }

    @Test
    void everyKeyThatNeedsARestartIsListed() throws IOException {
        TreeSet<String> documented = new TreeSet<>();
        Pattern.compile("^- `([a-z_.]+)`$", Pattern.MULTILINE)
                .matcher(section("## Which changes", "## Known"))
                .results()
                .forEach(row -> documented.add(row.group(1)));
        assertThat(documented).isEqualTo(new TreeSet<>(RestartRequired.KEYS));
        assertThat(keys().keySet()).containsAll(RestartRequired.KEYS);
    }

    @Test
    void everyVariableThatStandsForNoKeyIsNamed() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(Variables.OTHERS)
                .filteredOn(variable -> !variable.equals("OLLA_AOT") && !variable.equals("OLLA_JAVA_OPTS"))
                .allMatch(variable -> page.contains("`" + variable));
    }

    /// A reader that is renamed must not leave a variable behind that stands for nothing.
    @Test
    void everyVariableStandsForAKey() {
        Map<String, Reading.Key> keys = keys();
        assertThat(Variables.KEYS.values())
                .allMatch(path -> keys.values().stream()
                        .anyMatch(key -> path.equals(key.path())
                                || (key.type().equals(NO_EFFECT) && path.startsWith(key.path() + "."))));
    }

    private static Map<String, Reading.Key> keys() {
        return KnownKeys.all();
    }

    private static String section(String from, String to) throws IOException {
        String page = Files.readString(PAGE);
        return page.substring(page.indexOf(from), page.indexOf(to));
    }
}
