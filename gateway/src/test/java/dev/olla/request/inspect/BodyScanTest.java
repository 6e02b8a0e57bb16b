package dev.olla.request.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyScanTest {

    private static final boolean MODEL_ONLY = false;
    private static final boolean LEGACY_NAME = true;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            nullValues = "-",
            value = {
                // body | model
                "{\"model\":\"a\",\"x\":1} | a",
                "{\"x\":1,\"model\":\"a\"} | a",
                "{ \"model\" : \"  a  \" } | a",
                "{\"model\":\"a\",\"x\":2,\"model\":\"b\"} | b",
                "{\"model\":\"a\",\"model\":null} | -",
                "{\"model\":\"a\",\"model\":{\"model\":\"b\"}} | -",
                "{\"model\":\"a\",\"model\":[\"b\"]} | -",
                "{\"model\":\"\\u0061\\/\\\"b\\\\\"} | a/\"b\\",
                "{\"\\u006dodel\":\"a\"} | a",
                "{\"model\":\"模型:8b\"} | 模型:8b",
                "{\"model\":\"\\ud83e\\udd99\"} | 🦙",
                "{\"x\":{\"model\":\"no\"},\"y\":[{\"model\":\"no\"}],\"model\":\"a\"} | a",
                "{\"x\":{\"model\":\"no\"}} | -",
                "{\"x\":\"model\",\"y\":\"\\\"model\\\":\\\"no\\\"\"} | -",
                "{\"model\":\"a\",\"x\":\"{\\\"model\\\":\\\"no\\\"}\"} | a",
                "{\"x\":\"\\\\\",\"model\":\"a\"} | a",
                "{\"Model\":\"a\"} | a",
                "{\"MODEL\":\"a\",\"model\":\"b\"} | b",
                "{\"model\":\"b\",\"MODEL\":\"a\"} | b",
                "{\"model\":7} | -",
                "{\"model\":true,\"x\":\"y\"} | -",
                "{\"model\":\"\"} | -",
                "{\"model\":\"   \"} | -",
                "{\"models\":\"a\",\"mode\":\"b\",\"xmodel\":\"c\"} | -",
                "{\"name\":\"a\"} | -",
                "{\"messages\":[{\"role\":\"user\",\"model\":\"a\"}]} | a",
                "{\"messages\":[{\"content\":[{\"model\":\"no\"}],\"model\":\"a\"},{\"model\":\"no\"}]} | a",
                "{\"messages\":[{\"role\":\"user\"},{\"model\":\"no\"}]} | -",
                "{\"messages\":[\"text\",{\"model\":\"no\"}]} | -",
                "{\"messages\":[7,{\"model\":\"no\"}]} | -",
                "{\"messages\":[null,{\"model\":\"no\"}]} | -",
                "{\"messages\":[[{\"model\":\"no\"}]]} | -",
                "{\"messages\":{\"0\":{\"model\":\"no\"}}} | -",
                "{\"messages\":[{\"model\":\"no\"}],\"model\":\"a\"} | a",
                "{\"model\":\"a\",\"messages\":[{\"model\":\"no\"}]} | a",
                "{\"model\":\"a\"} trailing | a",
                "{\"model\":\"a\",, | a",
                "{\"model\":\"a\" | a",
                "{\"model\":\"a | -",
                "{\"model\":\"a\\x\"} | -",
                "{} | -",
            })
    void theModelIsFoundWhereverTheBytesAreSplit(String body, @Nullable String model) {
        assertThat(whole(body, MODEL_ONLY).model()).isEqualTo(model);
        assertEverySplitAgrees(body, MODEL_ONLY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            nullValues = "-",
            value = {
                "{\"name\":\"a\"} | a",
                "{\"name\":\"a\",\"model\":\"b\"} | b",
                "{\"model\":\"b\",\"name\":\"a\"} | b",
                "{\"Name\":\"a\"} | -",
                "{\"x\":{\"name\":\"a\"}} | -",
            })
    void anOllamaPathMayCallTheModelName(String body, @Nullable String model) {
        assertThat(whole(body, LEGACY_NAME).model()).isEqualTo(model);
        assertEverySplitAgrees(body, LEGACY_NAME);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            nullValues = "-",
            value = {
                "{\"stream\":true} | true",
                "{\"stream\" : false } | false",
                "{\"model\":\"a\",\"stream\":true,\"x\":1} | true",
                "{\"stream\":true,\"stream\":false} | false",
                "{\"stream\":true,\"stream\":null} | -",
                "{\"stream\":\"true\"} | -",
                "{\"stream\":1} | -",
                "{\"stream\":null} | -",
                "{\"stream\":truely} | -",
                "{\"stream\":[true]} | -",
                "{\"x\":{\"stream\":true}} | -",
                "{\"x\":\"stream\",\"y\":true} | -",
                "{\"streams\":true} | -",
                "{\"stream_options\":{\"include_usage\":true},\"stream\":true} | true",
                "{\"model\":\"a\"} | -",
            })
    void whetherItStreamsIsFoundWhereverTheBytesAreSplit(String body, @Nullable Boolean streams) {
        assertThat(whole(body, MODEL_ONLY).streaming()).isEqualTo(streams);
        assertEverySplitAgrees(body, MODEL_ONLY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "hello",
                "[1]",
                "[{\"model\":\"a\"}]",
                "\"text\"",
                "7",
                "true",
                "{",
                "{\"x\":",
                "{\"x\":\"y",
                "{}}",
                "{}{}",
                "{\"x\":1} trailing",
                "\uFEFF{\"model\":\"a\"}",
                "{\"x\":[1}",
                "model=a&x=b"
            })
    void whatIsNoJsonObjectIsToldSo(String body) {
        // Brackets that don't match are left to the parser that reads the body in earnest.
        if (!body.equals("{\"x\":[1}")) {
            assertThat(whole(body, MODEL_ONLY).model()).isNull();
        }
        assertThat(new Inspector(512)
                        .scan(dev.olla.http.Body.of(bytes(body)), MODEL_ONLY)
                        .problem())
                .isNotNull();
        assertEverySplitAgrees(body, MODEL_ONLY);
    }

    @Test
    void theModelsPlaceIsThatOfItsStringWithQuotes() {
        String body = "{ \"x\": \"é\", \"model\" : \"\\u0061b\" , \"y\": 1}";
        Inspection found = whole(body, MODEL_ONLY);
        byte[] bytes = bytes(body);
        int start = (int) found.modelStart();
        assertThat(new String(bytes, start, (int) found.modelEnd() - start, StandardCharsets.UTF_8))
                .isEqualTo("\"\\u0061b\"");
    }

    @Test
    void aMessagesModelHasNoPlaceToBeReplacedAt() {
        assertThat(whole("{\"messages\":[{\"model\":\"a\"}]}", MODEL_ONLY).modelStart())
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {4_097, 70_000, 5_000_000})
    void aNameOfAbsurdLengthIsStillAName(int length) {
        Inspection found = whole("{\"model\":\"" + "m".repeat(length) + "\"}", MODEL_ONLY);
        assertThat(found.model()).isNotNull().startsWith("mmmm").endsWith("…").hasSizeLessThan(300);
        assertThat(found.modelStart()).isEqualTo(-1);
    }

    @Test
    void aNameOf4096BytesIsKeptWhole() {
        assertThat(whole("{\"model\":\"" + "m".repeat(4096) + "\"}", MODEL_ONLY).model())
                .hasSize(4096);
    }

    /// Whatever bytes come: it never throws, and where they are split makes no difference.
    @Test
    void anyBytesWillDo() {
        SplittableRandom random = new SplittableRandom(7);
        String[] words = {
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\\",
            "\"model\"",
            "\"messages\"",
            "\"stream\"",
            "true",
            "nul",
            "é",
            " ",
            "7",
            "\u0000"
        };
        for (int run = 0; run < 5_000; run++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "{" : "");
            int length = random.nextInt(20);
            for (int i = 0; i < length; i++) {
                text.append(words[random.nextInt(words.length)]);
            }
            assertEverySplitAgrees(text.toString(), random.nextBoolean());
        }
    }

    private static void assertEverySplitAgrees(String body, boolean legacyName) {
        byte[] bytes = bytes(body);
        Inspection expected = whole(body, legacyName);
        for (int split = 0; split <= bytes.length; split++) {
            BodyScan scan = new BodyScan();
            feed(scan, bytes, 0, split);
            feed(scan, bytes, split, bytes.length);
            assertThat(scan.result(legacyName)).as("split at " + split).isEqualTo(expected);
        }
        BodyScan scan = new BodyScan();
        for (int i = 0; i < bytes.length; i++) {
            feed(scan, bytes, i, i + 1);
        }
        assertThat(scan.result(legacyName)).as("byte by byte").isEqualTo(expected);
    }

    private static Inspection whole(String body, boolean legacyName) {
        BodyScan scan = new BodyScan();
        byte[] bytes = bytes(body);
        scan.feed(bytes, bytes.length);
        return scan.result(legacyName);
    }

    private static void feed(BodyScan scan, byte[] bytes, int from, int to) {
        byte[] piece = java.util.Arrays.copyOfRange(bytes, from, to);
        scan.feed(piece, piece.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
