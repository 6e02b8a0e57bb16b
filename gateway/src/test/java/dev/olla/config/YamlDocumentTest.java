package dev.olla.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.config.YamlDocument.Mistake;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class YamlDocumentTest {

    private final List<Mistake> mistakes = new ArrayList<>();

    @Test
    void scalarsKeepTheirSourceText() {
        assertThat(text(read("token: 0123"), "token")).isEqualTo("0123");
        assertThat(text(read("token: 1_000"), "token")).isEqualTo("1_000");
        assertThat(text(read("token: yes"), "token")).isEqualTo("yes");
        assertThat(mistakes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only a comment\n", "---\n", "~", "null", "---\n...\n"})
    void anEmptyDocumentIsValid(String text) {
        assertThat(read(text).entries()).isEmpty();
        assertThat(mistakes).isEmpty();
    }

    @Test
    void onlyTheFirstDocumentCounts() {
        assertThat(read("a: 1\n---\nb: 2\n\tbroken").entries()).containsOnlyKeys("a");
        assertThat(mistakes).isEmpty();
    }

    @Test
    void everyNodeKnowsItsLine() {
        YamlNode.Mapping root = read("a: 1\n\nb:\n  - x\n  - y\n");
        assertThat(requireNonNull(root.entries().get("b")).line()).isEqualTo(3);
        assertThat(((YamlNode.Sequence) value(root, "b")).items().get(1).line()).isEqualTo(5);
    }

    @Test
    void mergeKeysFillInWhatIsNotWritten() {
        YamlNode.Mapping root = read("""
                base: &base {a: 1, b: 2}
                more: &more {b: 3, c: 4}
                one: {<<: *base, a: 9}
                two: {<<: [*base, *more]}
                """);
        assertThat(mistakes).isEmpty();
        YamlNode.Mapping one = (YamlNode.Mapping) value(root, "one");
        YamlNode.Mapping two = (YamlNode.Mapping) value(root, "two");
        assertThat(text(one, "a")).isEqualTo("9");
        assertThat(text(one, "b")).isEqualTo("2");
        assertThat(text(two, "b")).isEqualTo("2");
        assertThat(text(two, "c")).isEqualTo("4");
    }

    @Test
    void allDuplicateKeysAreReportedWithBothLines() {
        read("server:\n  port: 1\n  port: 2\nserver: {}\n");
        assertThat(mistakes)
                .containsExactly(
                        new Mistake(3, "server.port", "is written twice, first on line 2"),
                        new Mistake(4, "server", "is written twice, first on line 1"));
    }

    @Test
    void aDuplicateKeyUnderHeadersIsNotNamed() {
        read("headers:\n  s3cret: 1\n  s3cret: 2\n");
        assertThat(mistakes).containsExactly(new Mistake(3, "headers", "a key is written twice, first on line 2"));
    }

    @Test
    void aTabIsNamedAsTheMistake() {
        read("server:\n\tport: 1\n");
        assertThat(mistakes).containsExactly(new Mistake(2, "", "a tab can't indent a line of YAML: use spaces"));
    }

    @Test
    void aMissingColonIsReportedOnItsOwnLine() {
        read("a: 1\nb\nc: 2\n");
        assertThat(mistakes).singleElement().extracting(Mistake::line).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: [1, 2",
                "a: {b: 1",
                "a: 'open",
                "a: \"\\x\"",
                "a: b: c",
                "a: @b",
                "a: `b",
                "a:\n  - 1\n b: 2",
                "%YAML 9\na: 1",
                "? [x]\n: y",
                "- a",
                "just text",
                "a: \u0000",
                "a: %b",
                "}",
            })
    void brokenYamlIsOneMistake(String text) {
        read(text);
        assertThat(mistakes).hasSize(1);
        assertThat(mistakes.getFirst().message()).isNotBlank().doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password: *s3cret",
                "password: !s3cret!x y",
                "password: 's3cret",
                "password: \"s3cret\\q\"",
                "password: s3cret: x",
                "password: [s3cret",
                "a: &s3cret 1\nb: [*s3cret,",
                "password: %s3cret\n\t: x",
                "? [s3cret]\n: 1"
            })
    void nothingFromTheTextGetsIntoAMessage(String text) {
        read(text);
        assertThat(mistakes).hasSize(1);
        assertThat(mistakes.toString()).doesNotContain("s3cret");
    }

    @Test
    void aTextInAnyUnicodeEncodingIsRead() {
        String text = "name: Grüße\n";
        assertThat(text(read(text.getBytes(UTF_8)), "name")).isEqualTo("Grüße");
        assertThat(text(read(("\uFEFF" + text).getBytes(UTF_8)), "name")).isEqualTo("Grüße");
        assertThat(text(read(text.getBytes(UTF_16)), "name")).isEqualTo("Grüße");
        assertThat(mistakes).isEmpty();
    }

    @Test
    void anotherEncodingIsRefused() {
        read("name: Grüße\n".getBytes(ISO_8859_1));
        assertThat(mistakes).containsExactly(new Mistake(0, "", "this is not a text in UTF-8"));
    }

    @Test
    void nestingEndsAt64Levels() {
        read("a: " + "[".repeat(63) + "]".repeat(63));
        assertThat(mistakes).isEmpty();
        read("a: " + "[".repeat(65) + "]".repeat(65));
        assertThat(mistakes).containsExactly(new Mistake(1, "", "nested deeper than 64 levels"));
    }

    @Test
    void aliasesCountAtTheDepthTheyStandAt() {
        read("a: &a " + "[".repeat(40) + "]".repeat(40) + "\nb: " + "[".repeat(40) + "*a" + "]".repeat(40));
        assertThat(mistakes).containsExactly(new Mistake(2, "", "nested deeper than 64 levels"));
    }

    @Test
    void aMillionOpenBracketsAreRefusedAtOnce() {
        read("a: " + "[".repeat(1_000_000));
        assertThat(mistakes).containsExactly(new Mistake(1, "", "nested deeper than 64 levels"));
    }

    @Test
    void aliasesThatMultiplyAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a%d: &a%d [%s*a%d]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9), i - 1));
        }
        read(bomb.toString());
        assertThat(mistakes).hasSize(1);
        assertThat(mistakes.getFirst().message()).isEqualTo("its aliases expand to more than 100 times the file");
    }

    @Test
    void ordinaryAliasesAreWellBelowTheLimit() {
        String text = "a: &a {x: 1, y: 2}\n" + "b: [" + "*a,".repeat(1000) + "*a]\n";
        read(text);
        assertThat(mistakes).isEmpty();
    }

    @Test
    void anAliasInsideItsOwnAnchorIsRefused() {
        read("a: &a [*a]");
        assertThat(mistakes).hasSize(1);
    }

    @Test
    void readingStopsBehindTheWantedKeys() {
        ByteBuffer bytes = ByteBuffer.wrap("a: 1\nb: {c: 2}\nd: [broken".getBytes(UTF_8));
        assertThat(YamlDocument.readUntil(Set.of("a", "b"), bytes, mistakes).entries())
                .containsOnlyKeys("a", "b");
        assertThat(mistakes).isEmpty();
    }

    private YamlNode.Mapping read(String text) {
        return read(text.getBytes(UTF_8));
    }

    private YamlNode.Mapping read(byte[] bytes) {
        return YamlDocument.read(ByteBuffer.wrap(bytes), mistakes);
    }

    private static String text(YamlNode.Mapping mapping, String key) {
        return ((YamlNode.Scalar) value(mapping, key)).text();
    }

    private static YamlNode value(YamlNode.Mapping mapping, String key) {
        return requireNonNull(mapping.entries().get(key)).value();
    }
}
