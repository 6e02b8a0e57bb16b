package dev.olla.telemetry;

/// The colours of text on the console.
public record LogColours(When when, Theme theme) {

    public static final LogColours DEFAULTS = new LogColours(When.ON_TERMINAL, Theme.DEFAULT);

    /// Whether there are any.
    public enum When {
        ON_TERMINAL,
        ALWAYS,
        NEVER
    }

    /// Palettes of ANSI colours: the default for any background, the others with more contrast on theirs.
    public enum Theme {
        DEFAULT("90", "36", "90", "32", "33", "31"),
        DARK("37", "96", "37", "92", "93", "91"),
        LIGHT("90", "34", "90", "32", "35", "31");

        private final String time;
        private final String key;
        private final String debug;
        private final String info;
        private final String warn;
        private final String error;

        Theme(String time, String key, String debug, String info, String warn, String error) {
            this.time = time;
            this.key = key;
            this.debug = debug;
            this.info = info;
            this.warn = warn;
            this.error = error;
        }

        String time() {
            return time;
        }

        String key() {
            return key;
        }

        String level(String level) {
            return switch (level) {
                case "ERROR" -> error;
                case "WARN" -> warn;
                case "INFO" -> info;
                default -> debug;
            };
        }
    }

    boolean on(boolean terminal) {
        return when == When.ALWAYS || (when == When.ON_TERMINAL && terminal);
    }
}
