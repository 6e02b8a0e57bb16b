package dev.olla.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// What the user asked for when starting the program; flags take one dash or two, other arguments are ignored.
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
        CommandSpec spec = CommandSpec.create().name("olla");
        spec.addOption(OptionSpec.builder("-c", "--c", "-config", "--config")
                .paramLabel("PATH")
                .arity("1")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
        spec.addOption(flag("-h", "--h", "-help", "--help"));
        spec.addOption(flag("-version", "--version"));
        spec.addOption(flag("-validate-config", "--validate-config"));
        spec.addOption(flag("-profile", "--profile"));
        spec.addPositional(PositionalParamSpec.builder().arity("0..*").build());
        spec.parser().posixClusteredShortOptionsAllowed(false);
        try {
            ParseResult parsed =
                    new picocli.CommandLine(spec).setExpandAtFiles(false).parseArgs(arguments);
            List<String> configs = parsed.matchedOptionValue("config", List.of());
            return new CommandLine(
                    isSet(parsed, "help"),
                    isSet(parsed, "version"),
                    isSet(parsed, "validate-config"),
                    isSet(parsed, "profile"),
                    configs.isEmpty() ? null : configs.getLast());
        } catch (ParameterException mistake) {
            throw new Mistake(
                    String.valueOf(mistake.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static OptionSpec flag(String... names) {
        return OptionSpec.builder(names[0], names)
                .paramLabel("true|false")
                .arity("0..1")
                .type(List.class)
                .auxiliaryTypes(Boolean.class)
                .fallbackValue("true")
                .build();
    }

    private static boolean isSet(ParseResult parsed, String name) {
        List<Boolean> values = parsed.matchedOptionValue(name, List.of());
        return !values.isEmpty() && values.getLast();
    }
}
