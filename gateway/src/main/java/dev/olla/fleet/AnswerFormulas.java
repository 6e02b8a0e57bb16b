package dev.olla.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/// Where the answers of a kind of server have their figures, and what is calculated from them: the paths and
/// calculations of [MetricsExtraction], compiled. Equal where those are.
///
/// Safe for all threads; only [#prepare] takes its time.
public final class AnswerFormulas {

    private static final Logger log = LoggerFactory.getLogger(AnswerFormulas.class);

    private static final Pattern PATH =
            Pattern.compile("\\$?\\.?[A-Za-z_][\\w-]*(?:\\.[\\w-]+|\\[\\d+]|\\['[^']+']|\\[\"[^\"]+\"])*");
    private static final Pattern TEXT = Pattern.compile("\"[^\"]*\"|'[^']*'");
    private static final Pattern NAME = Pattern.compile("(?<![\\w.])[A-Za-z_]\\w*");
    /// A value that may be missing: the expression asks whether it is there.
    private static final Pattern OPTIONAL =
            Pattern.compile("([A-Za-z_]\\w*)\\s*[!=]=\\s*null|len\\s*\\(\\s*([A-Za-z_]\\w*)\\s*\\)");
    private static final Set<String> WORDS = Set.of(
            "null", "true", "false", "len", "size", "empty", "and", "or", "not", "eq", "ne", "lt", "gt", "le", "ge",
            "div", "mod");

    /// Of a kind whose answers tell nothing beside what their shape tells.
    public static final AnswerFormulas NONE = new AnswerFormulas(MetricsExtraction.NONE);

    private final MetricsExtraction extraction;
    private final Map<String, JsonPointer> pointers = new LinkedHashMap<>();
    private final Map<String, Operands> operands = new LinkedHashMap<>();
    private volatile @Nullable Map<String, Calculation> compiled;
    private volatile boolean compiling;

    public AnswerFormulas(MetricsExtraction extraction) {
        this.extraction = extraction;
        extraction.paths().forEach((name, path) -> {
            if (isPath(path)) {
                pointers.put(name, pointer(path));
            }
        });
        extraction.calculations().forEach((name, text) -> operands.put(name, Operands.of(text)));
    }

    public MetricsExtraction extraction() {
        return extraction;
    }

    /// Whether the text says where a value is, as in `$.a.b[0]['c']`.
    public static boolean isPath(String text) {
        return PATH.matcher(text).matches();
    }

    /// What is wrong with an expression; null where nothing is. Takes its time.
    public static @Nullable String mistakeIn(String expression) {
        try {
            Calculation.of(expression);
            return null;
        } catch (IllegalArgumentException wrong) {
            return "this can't be calculated: " + wrong.getMessage();
        }
    }

    private static JsonPointer pointer(String path) {
        String plain = path.replaceFirst("^\\$\\.?", "")
                .replaceAll("\\['([^']+)']|\\[\"([^\"]+)\"]|\\[(\\d+)]", "/$1$2$3")
                .replace('.', '/');
        return JsonPointer.compile("/" + plain);
    }

    /// Compiles the expressions. Takes a tenth of a second at the first call of all.
    public void prepare() {
        Map<String, Calculation> ready = new LinkedHashMap<>();
        extraction.calculations().forEach((name, text) -> {
            try {
                ready.put(name, Calculation.of(text));
            } catch (IllegalArgumentException wrong) {
                log.warn("the calculation of {} is left out: {}", name, wrong.getMessage());
            }
        });
        compiled = ready;
    }

    /// The values at the paths; of what is told twice the last counts.
    ///
    /// @param pieces of the answer, in their order
    public Map<String, Object> values(List<? extends JsonNode> pieces) {
        Map<String, Object> values = new HashMap<>();
        pointers.forEach((name, pointer) -> {
            for (JsonNode piece : pieces) {
                Object value = value(piece.at(pointer));
                if (value != null) {
                    values.put(name, value);
                }
            }
        });
        return values;
    }

    private static @Nullable Object value(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isString() ? node.stringValue() : null;
    }

    /// What is calculated from the values, of those results that are wanted. Expressions that nobody compiled yet
    /// are compiled in the background and count from then on.
    public Map<String, Object> calculated(Map<String, Object> values, Predicate<String> wanted) {
        List<String> open = new ArrayList<>();
        operands.forEach((name, about) -> {
            if (wanted.test(name) && about.among(values)) {
                open.add(name);
            }
        });
        Map<String, Calculation> ready = compiled;
        Map<String, Object> results = new HashMap<>();
        if (ready == null) {
            if (!open.isEmpty()) {
                compileSoon();
            }
            return results;
        }
        for (String name : open) {
            Calculation calculation = ready.get(name);
            Object result = calculation == null ? null : calculation.of(values);
            if (result != null) {
                results.put(name, result);
            }
        }
        return results;
    }

    /// What an expression is about.
    ///
    /// @param names of all values in it
    /// @param needed those of them without which it is not calculated
    private record Operands(Set<String> names, Set<String> needed) {

        static Operands of(String expression) {
            String bare = TEXT.matcher(expression).replaceAll("''");
            Set<String> names = new HashSet<>();
            NAME.matcher(bare).results().map(MatchResult::group).forEach(names::add);
            names.removeAll(WORDS);
            Set<String> needed = new HashSet<>(names);
            OPTIONAL.matcher(bare).results().forEach(found -> {
                needed.remove(found.group(1));
                needed.remove(found.group(2));
            });
            return new Operands(names, needed);
        }

        boolean among(Map<String, Object> values) {
            return values.keySet().containsAll(needed) && !Collections.disjoint(names, values.keySet());
        }
    }

    private void compileSoon() {
        if (!compiling) {
            compiling = true;
            Thread.startVirtualThread(this::prepare);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AnswerFormulas same && same.extraction.equals(extraction);
    }

    @Override
    public int hashCode() {
        return extraction.hashCode();
    }
}
