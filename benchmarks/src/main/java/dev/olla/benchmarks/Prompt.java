package dev.olla.benchmarks;

/// A chat completion request of an exact size in bytes, with the model named first or last.
record Prompt(int bytes, boolean modelFirst, boolean streaming) {

    private static final int MESSAGE_BYTES = 4096;
    private static final String SENTENCE =
            "A server answers \\\"yes\\\" when it can,\\nand says why when it cannot; the rest is padding. ";

    String toJson() {
        String model = "\"model\":\"" + BenchProtocol.MODEL + "\"";
        String head = (modelFirst ? "{" + model + "," : "{")
                + (streaming ? "\"stream\":true,\"messages\":[" : "\"messages\":[");
        String tail = modelFirst ? "]}" : "]," + model + "}";
        return head + messages(bytes - head.length() - tail.length()) + tail;
    }

    private static String messages(int bytes) {
        StringBuilder messages = new StringBuilder(bytes);
        while (bytes - messages.length() > 2 * MESSAGE_BYTES) {
            String role = messages.isEmpty() ? "system" : "user";
            messages.append(message(role, MESSAGE_BYTES)).append(',');
        }
        return messages.append(message("user", bytes - messages.length())).toString();
    }

    private static String message(String role, int bytes) {
        String head = "{\"role\":\"" + role + "\",\"content\":\"";
        String tail = "\"}";
        return head + text(bytes - head.length() - tail.length()) + tail;
    }

    /// The inside of a JSON string: prose with a few escapes, exactly `bytes` long.
    static String text(int bytes) {
        int sentences = Math.max(0, bytes / SENTENCE.length());
        return SENTENCE.repeat(sentences) + "x".repeat(Math.max(0, bytes - sentences * SENTENCE.length()));
    }
}
