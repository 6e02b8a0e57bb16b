package dev.olla;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads metrics in the text format of Prometheus, version 0.0.4, and refuses whatever strays from it.
///
/// @param metrics by name, in the order of the text
record PrometheusText(Map<String, Metric> metrics) {

    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") (\\S.*)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|histogram|summary)");
    private static final Pattern SAMPLE = Pattern.compile("(" + NAME + ")(?:\\{(.+)})? (-?\\d+(?:\\.\\d{1,6})?)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"(?:,(?!$)|$)");

    /// @param type `counter`, `gauge`, `histogram` or `summary`
    /// @param samples without the buckets, sums and counts of the latter two
    record Metric(String type, List<Sample> samples) {}

    record Sample(Map<String, String> labels, double value) {}

    /// The metric of that name, which must be there.
    Metric metric(String name) {
        Metric found = metrics.get(name);
        require(found != null, "no " + name);
        return Objects.requireNonNull(found);
    }

    static PrometheusText parse(String text) {
        require(text.endsWith("\n"), "the last line has no end");
        Map<String, Metric> metrics = new LinkedHashMap<>();
        String described = "";
        String current = "";
        for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
            if (line.startsWith("# HELP ")) {
                described = match(HELP, line).group(1);
                require(!metrics.containsKey(described), "the lines of one metric don't stand together: " + line);
            } else if (line.startsWith("#")) {
                Matcher type = match(TYPE, line);
                current = type.group(1);
                require(current.equals(described), "a type without its help: " + line);
                metrics.put(current, new Metric(type.group(2), new ArrayList<>()));
            } else {
                Matcher sample = match(SAMPLE, line);
                require(current.equals(described) && belongs(sample.group(1), current), "out of place: " + line);
                if (sample.group(1).equals(current)) {
                    add(Objects.requireNonNull(metrics.get(current)), sample);
                }
            }
        }
        return new PrometheusText(metrics);
    }

    /// Histograms and summaries have lines of other names.
    private static boolean belongs(String sample, String metric) {
        return sample.equals(metric) || sample.matches(Pattern.quote(metric) + "_(bucket|sum|count)");
    }

    private static void add(Metric metric, Matcher line) {
        Map<String, String> labels = labels(line.group(2) == null ? "" : line.group(2));
        require(metric.samples().stream().noneMatch(other -> other.labels().equals(labels)), "twice: " + line.group());
        double value = Double.parseDouble(line.group(3));
        require(!line.group(3).matches(".*\\.\\d*0"), "trailing zeros: " + line.group());
        require(!metric.type().equals("counter") || value >= 0, "a counter below zero: " + line.group());
        metric.samples().add(new Sample(labels, value));
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(text);
        int at = 0;
        while (at < text.length()) {
            require(label.find(at) && label.start() == at, "labels: " + text);
            String before = labels.put(label.group(1), plain(label.group(2)));
            require(before == null, "a label twice: " + text);
            at = label.end();
        }
        return labels;
    }

    private static String plain(String escaped) {
        return Pattern.compile("\\\\(.)").matcher(escaped).replaceAll(found -> {
            String of = found.group(1).equals("n") ? "\n" : found.group(1);
            return Matcher.quoteReplacement(of);
        });
    }

    private static Matcher match(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        require(matcher.matches(), "not in the format: " + line);
        return matcher;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
