package dev.olla.api;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Writes metrics in the text format of Prometheus, version 0.0.4: every metric with its lines together.
final class MetricsText {

    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String PREFIX = "olla_";

    private final StringBuilder text = new StringBuilder(8 * 1024);
    private String current = "";

    /// Starts a metric that only rises.
    MetricsText counter(String name, String help) {
        return start(name, "counter", help);
    }

    MetricsText gauge(String name, String help) {
        return start(name, "gauge", help);
    }

    /// Starts a metric that counts values by their size; its samples have suffixes, see [#part].
    MetricsText histogram(String name, String help) {
        return start(name, "histogram", help);
    }

    /// Starts a metric that adds values up; its samples have suffixes, see [#part].
    MetricsText summary(String name, String help) {
        return start(name, "summary", help);
    }

    /// Adds a sample of a part of the metric started last, such as `_sum`.
    MetricsText part(String suffix, Number value, String... labels) {
        String whole = current;
        current = whole + suffix;
        sample(value, labels);
        current = whole;
        return this;
    }

    private MetricsText start(String name, String type, String help) {
        current = PREFIX + name;
        text.append("# HELP ").append(current).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(current).append(' ').append(type).append('\n');
        return this;
    }

    /// Adds a sample to the metric started last.
    ///
    /// @param labels names and values in turn
    MetricsText sample(Number value, String... labels) {
        text.append(current);
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? '{' : ',')
                    .append(labels[i])
                    .append("=\"")
                    .append(escaped(labels[i + 1]))
                    .append('"');
        }
        text.append(labels.length == 0 ? " " : "} ")
                .append(number(value.doubleValue()))
                .append('\n');
        return this;
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /// Up to six decimals, without trailing zeros.
    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return new BigDecimal(value)
                .setScale(6, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
