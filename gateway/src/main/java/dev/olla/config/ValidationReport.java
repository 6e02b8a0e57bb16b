package dev.olla.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What `--validate-config` prints: one row for each file, with its issues.
///
/// @param clean no row failed or warned
public record ValidationReport(String text, boolean clean) {

    private static final String TITLE = "Olla Configuration Validation";

    /// Three states of a row, as wide as each other.
    private enum Tag {
        OK("[OK]  "),
        WARN("[WARN]"),
        FAIL("[FAIL]");

        private final String text;

        Tag(String text) {
            this.text = text;
        }
    }

    public static ValidationReport of(ConfigLoader.Result result) {
        List<String> lines = new ArrayList<>(List.of(TITLE, "=".repeat(30)));
        List<ConfigProblem> problems = switch (result) {
            case ConfigLoader.Result.Loaded(Config config) -> config.problems();
            case ConfigLoader.Result.Refused(Path _, List<ConfigProblem> found) -> found;
        };
        addRow(lines, "config.yaml", detail(result), about("", problems));
        addRow(lines, "models.yaml", models(result), about("models.yaml", problems));
        addRow(lines, "profiles", profiles(result) + " profile(s) loaded", about("profiles", problems));
        lines.add("");
        lines.add(
                problems.isEmpty()
                        ? "Result: PASS - all configuration files are valid"
                        : "Result: FAIL - one or more configuration files could not be fully parsed");
        return new ValidationReport(String.join("\n", lines) + "\n", problems.isEmpty());
    }

    private static String models(ConfigLoader.Result result) {
        Path path = result instanceof ConfigLoader.Result.Loaded(Config config)
                ? config.profiles().models().path()
                : null;
        return path == null ? "using embedded defaults" : "loaded from " + path;
    }

    private static int profiles(ConfigLoader.Result result) {
        return switch (result) {
            case ConfigLoader.Result.Loaded(Config config) -> config.profiles().besidesFallback();
            case ConfigLoader.Result.Refused _ -> Profiles.builtIn().besidesFallback();
        };
    }

    private static String detail(ConfigLoader.Result result) {
        return switch (result) {
            case ConfigLoader.Result.Loaded(Config config) ->
                config.source() == null ? "(none found, using built-in defaults)" : "loaded from " + config.source();
            case ConfigLoader.Result.Refused refused ->
                refused.source() == null ? "can't be used" : refused.source() + " can't be used";
        };
    }

    /// The problems of a companion file, or those of no companion.
    private static List<ConfigProblem> about(String companion, List<ConfigProblem> problems) {
        return problems.stream()
                .filter(problem -> companionOf(problem).equals(companion))
                .toList();
    }

    private static String companionOf(ConfigProblem problem) {
        if (problem.file() == null) {
            return "";
        }
        Path file = Path.of(problem.file());
        if (file.startsWith(ProfileFolder.PATH)) {
            return "profiles";
        }
        return file.endsWith("models.yaml") ? "models.yaml" : "";
    }

    private static void addRow(List<String> lines, String name, String detail, List<ConfigProblem> problems) {
        boolean failed = problems.stream().anyMatch(p -> p.severity() != ConfigProblem.Severity.WARNING);
        Tag tag = failed ? Tag.FAIL : problems.isEmpty() ? Tag.OK : Tag.WARN;
        String count = problems.isEmpty() ? "" : " (" + problems.size() + " issue(s))";
        lines.add("%s %-12s %s%s".formatted(tag.text, name, detail, count));
        problems.forEach(problem -> lines.add("  - " + problem));
    }
}
