package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelTraitsTest {

    @ParameterizedTest
    @CsvSource({
        "Q4_K_M, q4km",
        "Q4_K_XL, q4kxl",
        "Q6_K, q6k",
        "Q6_K_L, q6kl",
        "Q4_0, q4",
        "Q8_0, q8",
        "Q8_1, q8_1",
        "Q5_1, q5_1",
        "Q8, q8",
        "F16, f16",
        "FP16, f16",
        "BF16, bf16",
        "INT8, int8",
        "GPTQ-4BIT, gptq4",
        "AWQ_4BIT, awq4",
        "MXFP4, mxfp4",
        "IQ4_XS, iq4_xs",
        "4bit, 4bit"
    })
    void quantisationsHaveOneSpelling(String told, String ours) {
        assertThat(ModelTraits.quantization(told)).isEqualTo(ours);
    }

    @ParameterizedTest
    @CsvSource({
        "8.2B, 8.2b, 8200000000",
        "8.0B, 8b, 8000000000",
        "7, 7b, 7000000000",
        "4.25b, 4.2b, 4250000000",
        "137M, 137m, 137000000",
        "1500 M, 1.5b, 1500000000",
        "8x7B, 8x7B, 0"
    })
    void sizesAreBillionsOrMillions(String told, String ours, long count) {
        assertThat(ModelTraits.parameterSize(told)).isEqualTo(ours);
        assertThat(ModelTraits.parameterCount(told)).isEqualTo(count);
    }

    @ParameterizedTest
    @CsvSource({
        "qwen3:8b, qwen, 3",
        "Qwen/Qwen2.5-Coder-7B-Instruct, qwen, 2.5",
        "llama3.2, llama, 3.2",
        "llama-7b, llama, ''",
        "mistral:7b, mistral, ''",
        "phi-4, phi, 4",
        "openai/gpt-oss-20b, gpt-oss, ''",
        "deepseek-r1:8b, deepseek, ''",
        "optimus, '', ''",
        "nobody-knows, '', ''"
    })
    void theNameTellsTheFamilyWhereTheServerDoesNot(String name, String family, String variant) {
        assertThat(ModelTraits.family(name, null)).isEqualTo(new ModelTraits.Family(family, variant));
    }

    @Test
    void theServersOwnFamilyIsKept() {
        assertThat(ModelTraits.family("qwen3:8b", "qwen3")).isEqualTo(new ModelTraits.Family("qwen3", ""));
    }

    @Test
    void embeddingsAreKnownByTypeOrByName() {
        assertThat(ModelTraits.of(FakeFleet.model("Nomic-Embed-Text:latest")).kind())
                .isEqualTo("embeddings");
        assertThat(ModelTraits.of(FakeFleet.model("bge-m3", null, 0, FakeFleet.details("embeddings", null, null, null)))
                        .kind())
                .isEqualTo("embeddings");
        assertThat(ModelTraits.of(FakeFleet.model("qwen3:8b")).kind()).isEqualTo("llm");
    }
}
