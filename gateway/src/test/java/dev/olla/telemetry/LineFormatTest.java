package dev.olla.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LineFormatTest {

    private static String line(LineFormat format, ILoggingEvent event) {
        StringBuilder line = new StringBuilder();
        format.append(line, event);
        return line.toString();
    }

    @Test
    void jsonIsOneObjectWithTimestampOnceThenLevelMessageAndAttributes() {
        String line = line(
                new JsonFormat(),
                LogLines.line(Level.WARN, "Attempt failed", "endpoint", "gpu", "attempt", 2, "fatal", false));
        assertThat(line)
                .matches("\\{\"timestamp\":\"\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\",\"level\":\"WARN\","
                        + "\"msg\":\"Attempt failed\",\"endpoint\":\"gpu\",\"attempt\":2,\"fatal\":false}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\"b\\", "tab\there", "\u0000", "ünïcödé 🦙", "</script>"})
    void whatAClientSentStaysInsideItsString(String evil) {
        String line = line(new JsonFormat(), LogLines.line(Level.INFO, evil, "path", evil));
        assertThat(line).doesNotContain("\n");
        JsonNode read = JsonMapper.shared().readTree(line);
        assertThat(read.get("msg").asString()).isEqualTo(evil);
        assertThat(read.get("path").asString()).isEqualTo(evil);
    }

    @Test
    void jsonHasNoColours() {
        String line = line(new JsonFormat(), LogLines.line(Level.INFO, "\u001B[31mred\u001B[0m", "a", "\u001B[1;2Hx"));
        assertThat(line).contains("\"msg\":\"red\",\"a\":\"x\"");
    }

    @Test
    void textWithoutColourIsKeyAndValueThroughout() {
        String line = line(
                new TextFormat(null),
                LogLines.line(Level.INFO, "Olla started", "url", "http://localhost:1", "empty", "", "two", "a b"));
        assertThat(line)
                .matches("timestamp=\"[-0-9]+ [:0-9]+\" level=INFO msg=\"Olla started\" url=http://localhost:1"
                        + " empty=\"\" two=\"a b\"");
    }

    @ParameterizedTest
    @EnumSource(LogColours.Theme.class)
    void colouredTextIsAligned(LogColours.Theme theme) {
        String info = LineText.withoutAnsi(line(new TextFormat(theme), LogLines.line(Level.INFO, "x", "k", "v")));
        String error = LineText.withoutAnsi(line(new TextFormat(theme), LogLines.line(Level.ERROR, "x", "k", "v")));
        assertThat(info).matches("[-0-9]+ [:0-9]+ INFO  x k=v");
        assertThat(error).matches("[-0-9]+ [:0-9]+ ERROR x k=v");
        assertThat(line(new TextFormat(theme), LogLines.line(Level.ERROR, "x"))).contains("\u001B[");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nlevel=ERROR", "\u001B[2Jgone", "\rback"})
    void noTextForgesALineOrSteersATerminal(String evil) {
        String plain = line(new TextFormat(null), LogLines.line(Level.INFO, evil, "path", evil));
        String coloured = line(new TextFormat(LogColours.Theme.DEFAULT), LogLines.line(Level.INFO, evil, "path", evil));
        assertThat(plain + coloured).doesNotContain("\n", "\r", "\u001B[2J");
    }
}
