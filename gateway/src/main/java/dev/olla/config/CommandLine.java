package dev.olla.config;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the user asked for when starting the program; flags take one dash or two, other arguments are ignored.
///
/// Read by hand: six flags took picocli 80 ms of every start, because the JVM's AOT cache can't hold classes as old as
/// its own.
///
/// @param config the path of the configuration file; null if none is named
/// @param profiler whether a profiling server was asked for
public record CommandLine(
        boolean help,
        boolean version,
        boolean validate,
        boolean profiler,
        @Nullable String config) {

    public static final String HELP = """
            Usage: olla [flags]

              -c, --config PATH      the configuration file; else OLLA_CONFIG_FILE, else the first of
                                     config/config.local.yaml, config/config.yaml, config.yaml, default.yaml
                  --validate-config  check the configuration, print a report and exit
                  --profile          accepted, but there is no profiling server in this version
                  --version          print the version and exit
              -h, --help             print this text and exit

            Variables (OLLA_SERVER_PORT and others) win over the file: docs/configuration.md lists them.
            Exit status: 0 stopped as asked, 1 an error or a warning of --validate-config, 2 a mistake in the flags.
            """;

    private static final CommandLine NOTHING = new CommandLine(false, false, false, false, null);

    /// A flag is unknown or malformed; the message is one line.
    public static final class Mistake extends Exception {
        Mistake(String message) {
            super(message, null, false, false);
        }
    }

    /// @param environment where `OLLA_SHOW_VERSION` and `OLLA_ENABLE_PROFILER` may stand for their flags
    public static CommandLine parse(String[] arguments, Map<String, String> environment) throws Mistake {
        CommandLine flags = arguments.length == 0 ? NOTHING : parse(arguments);
        return new CommandLine(
                flags.help,
                flags.version || "true".equals(environment.get("OLLA_SHOW_VERSION")),
                flags.validate,
                flags.profiler || "true".equals(environment.get("OLLA_ENABLE_PROFILER")),
                flags.config);
    }

    private static CommandLine parse(String[] arguments) throws Mistake {
        Map<String, Boolean> switches = new HashMap<>();
        String config = null;
        Iterator<String> rest = List.of(arguments).iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            if (argument.equals("--")) {
                break;
            }
            if (!argument.startsWith("-") || argument.equals("-")) {
                continue;
            }
            int equals = argument.indexOf('=');
            String flag = equals < 0 ? argument : argument.substring(0, equals);
            String value = equals < 0 ? null : argument.substring(equals + 1);
            switch (flag.startsWith("--") ? flag.substring(2) : flag.substring(1)) {
                case "c", "config" -> config = path(flag, value, rest);
                case "h", "help" -> switches.put("help", isOn(flag, value));
                case "version" -> switches.put("version", isOn(flag, value));
                case "validate-config" -> switches.put("validate", isOn(flag, value));
                case "profile" -> switches.put("profiler", isOn(flag, value));
                default -> throw new Mistake("unknown flag " + Secrets.shown(flag));
            }
        }
        return new CommandLine(
                switches.getOrDefault("help", false),
                switches.getOrDefault("version", false),
                switches.getOrDefault("validate", false),
                switches.getOrDefault("profiler", false),
                config);
    }

    private static String path(String flag, @Nullable String value, Iterator<String> rest) throws Mistake {
        String path = value == null && rest.hasNext() ? rest.next() : value;
        if (path == null || path.isEmpty()) {
            throw new Mistake(flag + " needs a path");
        }
        return path;
    }

    /// A switch without a value is on.
    private static boolean isOn(String flag, @Nullable String value) throws Mistake {
        return switch (value) {
            case null -> true;
            case "true", "True", "TRUE", "t", "T", "1" -> true;
            case "false", "False", "FALSE", "f", "F", "0" -> false;
            default -> throw new Mistake(flag + " takes true or false, not " + Secrets.shown(value));
        };
    }
}
