package dev.olla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelListFormatTest {

    @Test
    void findsFormatsByNameAndTakesUnknownOnesForOpenAi() {
        assertThat(ModelListFormat.named("vllm-mlx")).isEqualTo(ModelListFormat.VLLM_MLX);
        assertThat(ModelListFormat.named("docker-model-runner")).isEqualTo(ModelListFormat.DOCKER_MODEL_RUNNER);
        assertThat(ModelListFormat.named("of another world")).isEqualTo(ModelListFormat.OPENAI);
    }

    @Test
    void readsWhatOllamaTells() {
        DiscoveredModel model = only(ModelListFormat.OLLAMA, """
                {"models":[{"name":"llama3.2:latest","model":"llama3.2:latest",
                  "modified_at":"2023-11-04T14:56:49.277302595-07:00","size":7365960935,"digest":"9f438cb9cd58",
                  "details":{"parent_model":"base","format":"gguf","family":"llama","families":["llama","clip"],
                  "parameter_size":"13B","quantization_level":"Q4_0"}}]}
                """);
        assertThat(model.name()).isEqualTo("llama3.2:latest");
        assertThat(model.size()).isEqualTo(7_365_960_935L);
        assertThat(model.digest()).isEqualTo("9f438cb9cd58");
        assertThat(model.modified()).isEqualTo(Instant.parse("2023-11-04T21:56:49.277302595Z"));
        assertThat(model.details().family()).isEqualTo("llama");
        assertThat(model.details().families()).containsExactly("llama", "clip");
        assertThat(model.details().format()).isEqualTo("gguf");
        assertThat(model.details().parent()).isEqualTo("base");
        assertThat(model.details().parameterSize()).isEqualTo("13B");
        assertThat(model.details().quantization()).isEqualTo("Q4_0");
        assertThat(model.raw()).contains("\"model\":\"llama3.2:latest\"");
    }

    @Test
    void givesAnOllamaEntryTheFieldThatOldServersLack() {
        assertThat(only(ModelListFormat.OLLAMA, "{\"models\":[{\"name\":\"m:1\",\"size\":3}]}")
                        .raw())
                .isEqualTo("{\"name\":\"m:1\",\"size\":3,\"model\":\"m:1\"}");
    }

    @Test
    void knowsNothingWhereOllamaTellsNothing() {
        DiscoveredModel model = only(ModelListFormat.OLLAMA, """
                {"models":[{"name":"x","modified_at":"0001-01-01T00:00:00Z","size":null,"digest":"",
                  "details":{"families":null,"family":""}}]}
                """);
        assertThat(model.modified()).isNull();
        assertThat(model.size()).isZero();
        assertThat(model.digest()).isNull();
        assertThat(model.details()).isEqualTo(DiscoveredModel.Details.NONE);
    }

    @Test
    void readsWhatLmStudioTells() {
        DiscoveredModel model = only(ModelListFormat.LM_STUDIO, """
                {"object":"list","data":[{"id":"qwen2-vl-7b","object":"model","type":"vlm","publisher":"mlx-community",
                  "arch":"qwen2_vl","compatibility_type":"mlx","quantization":"4bit","state":"not-loaded",
                  "max_context_length":32768}]}
                """);
        DiscoveredModel.Details details = model.details();
        assertThat(details.type()).isEqualTo("vlm");
        assertThat(details.publisher()).isEqualTo("mlx-community");
        assertThat(details.parent()).isEqualTo("mlx-community");
        assertThat(details.family()).isEqualTo("qwen2_vl");
        assertThat(details.families()).containsExactly("qwen2_vl");
        assertThat(details.format()).isEqualTo("mlx");
        assertThat(details.quantization()).isEqualTo("4bit");
        assertThat(details.state()).isEqualTo("not-loaded");
        assertThat(details.contextLength()).isEqualTo(32_768);
    }

    @Test
    void readsWhatVllmTellsAndIgnoresItAsAnOwner() {
        DiscoveredModel model = only(ModelListFormat.VLLM, """
                {"data":[{"id":"org/name","object":"model","created":1700000000,"owned_by":"vllm",
                  "parent":"org/base","max_model_len":131072,"root":"/models/x"}]}
                """);
        assertThat(model.modified()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
        assertThat(model.details().publisher()).isNull();
        assertThat(model.details().parent()).isEqualTo("org/base");
        assertThat(model.details().contextLength()).isEqualTo(131_072);
        assertThat(only(ModelListFormat.VLLM, "{\"data\":[{\"id\":\"a\",\"owned_by\":\"team\"}]}")
                        .details()
                        .publisher())
                .isEqualTo("team");
    }

    @Test
    void readsTheSecondHalfOfLlamaCppsDoubleList() {
        DiscoveredModel model = only(ModelListFormat.LLAMACPP, """
                {"models":[{"name":"other","details":{"families":[""]}}],"object":"list",
                 "data":[{"id":"m.gguf","created":1700000000.75,"owned_by":"llamacpp","meta":{"n_params":1}}]}
                """);
        assertThat(model.name()).isEqualTo("m.gguf");
        assertThat(model.modified()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
        assertThat(model.details().format()).isEqualTo("gguf");
        assertThat(model.details().publisher()).isNull();
    }

    @Test
    void readsWhatLemonadeTells() {
        DiscoveredModel model = only(ModelListFormat.LEMONADE, """
                {"data":[{"id":"Qwen3-NPU","created":1,"checkpoint":"amd/Qwen3-onnx","recipe":"oga-npu","downloaded":true}]}
                """);
        assertThat(model.details().publisher()).isEqualTo("amd");
        assertThat(model.details().checkpoint()).isEqualTo("amd/Qwen3-onnx");
        assertThat(model.details().recipe()).isEqualTo("oga-npu");
        assertThat(model.details().format()).isEqualTo("onnx");
        assertThat(model.details().state()).isEqualTo("available");
    }

    @Test
    void namesTheFileFormatOfKindsThatHaveOne() {
        String list = "{\"data\":[{\"id\":\"a\",\"owned_by\":\"docker\"}]}";
        assertThat(only(ModelListFormat.DOCKER_MODEL_RUNNER, list).details().publisher())
                .isNull();
        assertThat(only(ModelListFormat.DOCKER_MODEL_RUNNER, list).details().format())
                .isEqualTo("gguf");
        assertThat(only(ModelListFormat.VLLM_MLX, list).details().format()).isEqualTo("mlx");
        assertThat(only(ModelListFormat.OPENAI, list).details().publisher()).isEqualTo("docker");
    }

    @ParameterizedTest
    @EnumSource(ModelListFormat.class)
    void takesAnEmptyBodyForAnEmptyList(ModelListFormat format) {
        assertThat(parse(format, "")).isEqualTo(new ModelList.Listed(List.of(), 0, 0));
        assertThat(parse(format, " \r\n")).isEqualTo(new ModelList.Listed(List.of(), 0, 0));
        assertThat(parse(format, "{\"data\":null,\"models\":null}")).isEqualTo(new ModelList.Listed(List.of(), 0, 0));
    }

    @Test
    void leavesOutEntriesThatAreNoModels() {
        ModelList list = parse(ModelListFormat.OPENAI, """
                {"data":[7,"x",null,[{"id":"in an array"}],{"id":5},{"id":" "},{"name":"no id"},
                 {"id":"good","created":"yesterday","owned_by":{},"max_model_len":1e99}]}
                """);
        assertThat(list).isInstanceOfSatisfying(ModelList.Listed.class, listed -> {
            assertThat(listed.models()).extracting(DiscoveredModel::name).containsExactly("good");
            assertThat(listed.models().getFirst().details()).isEqualTo(DiscoveredModel.Details.NONE);
            assertThat(listed.unusable()).isEqualTo(7);
        });
    }

    @Test
    void keepsAModelThatIsListedTwiceOnce() {
        assertThat(parse(ModelListFormat.OPENAI, "{\"data\":[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"a\"}]}"))
                .isInstanceOfSatisfying(
                        ModelList.Listed.class,
                        listed -> assertThat(listed.models())
                                .extracting(DiscoveredModel::name)
                                .containsExactly("a", "b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "[]",
                "\"data\"",
                "{}",
                "{\"models\":[]}",
                "{\"data\":{}}",
                "{\"data\":7}",
                "{\"data\":[{\"id\":\"a\"}",
                "{\"data\":[{\"id\":\"a\"}]} {}",
                "{\"data\":[{\"id\":\"a\"}]}}"
            })
    void refusesWhatIsNoList(String body) {
        assertThat(parse(ModelListFormat.OPENAI, body)).isInstanceOf(ModelList.Unreadable.class);
    }

    @Test
    void refusesAbsurdNestingWithoutFallingOver() {
        String deep = "{\"data\":[" + "[".repeat(100_000);
        assertThat(parse(ModelListFormat.OPENAI, deep)).isInstanceOf(ModelList.Unreadable.class);
    }

    @Test
    void stopsCountingModelsAtTheLimit() {
        StringBuilder list = new StringBuilder("{\"data\":[");
        for (int i = 0; i < ModelListReader.MAX_ENTRIES + 5; i++) {
            list.append(i == 0 ? "" : ",").append("{\"id\":\"model-").append(i).append("\"}");
        }
        assertThat(parse(ModelListFormat.OPENAI, list.append("]}").toString()))
                .isInstanceOfSatisfying(ModelList.Listed.class, listed -> {
                    assertThat(listed.models()).hasSize(ModelListReader.MAX_ENTRIES);
                    assertThat(listed.beyond()).isEqualTo(5);
                });
    }

    private static ModelList parse(ModelListFormat format, String body) {
        try {
            return ModelListReader.read(format, new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DiscoveredModel only(ModelListFormat format, String body) {
        return ((ModelList.Listed) parse(format, body)).models().getFirst();
    }
}
