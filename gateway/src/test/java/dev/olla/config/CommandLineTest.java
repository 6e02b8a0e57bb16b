package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c a.yaml",
                "-c=a.yaml",
                "--c a.yaml",
                "-config a.yaml",
                "-config=a.yaml",
                "--config a.yaml",
                "--config=a.yaml",
                "-c b.yaml --config a.yaml",
                "serve -c a.yaml",
                "-c a.yaml serve now",
            })
    void theConfigurationFileCanBeNamedInManyWays(String line) throws CommandLine.Mistake {
        assertThat(parse(line)).isEqualTo(new CommandLine(false, false, false, false, "a.yaml"));
    }

    @Test
    void nothingIsAskedForByDefault() throws CommandLine.Mistake {
        assertThat(parse("")).isEqualTo(new CommandLine(false, false, false, false, null));
        assertThat(parse("serve @file")).isEqualTo(parse(""));
        assertThat(parse("-- --version")).isEqualTo(parse(""));
    }

    @Test
    void flagsTakeOneDashOrTwoAndAValue() throws CommandLine.Mistake {
        assertThat(parse("-version").version()).isTrue();
        assertThat(parse("--version=true").version()).isTrue();
        assertThat(parse("--version=false").version()).isFalse();
        assertThat(parse("--version --version=false").version()).isFalse();
        assertThat(parse("-validate-config").validate()).isTrue();
        assertThat(parse("--validate-config serve").validate()).isTrue();
        assertThat(parse("--profile").profiler()).isTrue();
        assertThat(parse("-h").help()).isTrue();
        assertThat(parse("--help").help()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--foo", "-x", "-c", "--config", "--config=", "--version=maybe", "-confg a", "--port 1", "-vh"})
    void aMistakeIsOneLine(String line) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(CommandLine.Mistake.class)
                .message()
                .isNotBlank()
                .doesNotContain("\n");
    }

    @Test
    void variablesStandForTwoFlags() throws CommandLine.Mistake {
        assertThat(CommandLine.parse(new String[0], Map.of("OLLA_SHOW_VERSION", "true"))
                        .version())
                .isTrue();
        assertThat(CommandLine.parse(new String[0], Map.of("OLLA_SHOW_VERSION", "1"))
                        .version())
                .isFalse();
        assertThat(CommandLine.parse(new String[0], Map.of("OLLA_ENABLE_PROFILER", "true"))
                        .profiler())
                .isTrue();
    }

    private static CommandLine parse(String line) throws CommandLine.Mistake {
        return CommandLine.parse(line.isEmpty() ? new String[0] : line.split(" "), Map.of());
    }
}
