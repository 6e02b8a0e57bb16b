package dev.olla.testbed;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/// Reads a server from text such as `kind=ollama,name=box-a,port=11434,models=llama3.2:latest|mistral:7b,ttft=50ms`.
final class ServerOption {

    static final String KEYS = "kind, name, port, host, models, ttft, tps, tokens, slots, load, resident, without";

    private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|us)");

    private ServerOption() {}

    /// Throws `IllegalArgumentException` naming the key that is wrong.
    static SimulatedServerBuilder read(String text) {
        ServerKind kind = ServerKind.parse(valueOf(text, "kind", "ollama"));
        SimulatedServerBuilder server = SimulatedServer.of(kind, valueOf(text, "name", kind.toString()));
        for (String pair : text.split(",", -1)) {
            String[] keyAndValue = split(pair);
            try {
                apply(server, keyAndValue[0], keyAndValue[1]);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--server " + pair + ": " + e.getMessage(), e);
            }
        }
        return server;
    }

    private static void apply(SimulatedServerBuilder server, String key, String value) {
        switch (key) {
            case "kind", "name" -> {}
            case "port" -> server.port(Integer.parseInt(value));
            case "host" -> server.host(value);
            case "models" -> addModels(server, value);
            case "ttft" -> server.timeToFirstToken(duration(value));
            case "tps" -> server.tokensPerSecond(Double.parseDouble(value));
            case "tokens" -> server.tokens(Integer.parseInt(value));
            case "slots" -> server.slots(Integer.parseInt(value));
            case "load" -> server.coldLoad(duration(value));
            case "resident" -> server.residentModels(Integer.parseInt(value));
            case "without" -> server.without(value.split("\\|", -1));
            default -> throw new IllegalArgumentException("unknown key '" + key + "', known are " + KEYS);
        }
    }

    private static void addModels(SimulatedServerBuilder server, String names) {
        for (String name : names.split("\\|", -1)) {
            server.model(name);
        }
    }

    private static String valueOf(String text, String key, String otherwise) {
        for (String pair : text.split(",", -1)) {
            String[] keyAndValue = split(pair);
            if (keyAndValue[0].equals(key)) {
                return keyAndValue[1];
            }
        }
        return otherwise;
    }

    private static String[] split(String pair) {
        int equals = pair.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("--server needs key=value pairs, not '" + pair + "'");
        }
        return new String[] {
            pair.substring(0, equals).strip(), pair.substring(equals + 1).strip()
        };
    }

    private static Duration duration(String text) {
        var matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a duration is written like 50ms or 2s, not '" + text + "'");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "us" -> Duration.ofNanos(amount * 1000);
            default -> Duration.ofMillis(amount);
        };
    }
}
