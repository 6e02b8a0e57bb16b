package dev.olla.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.config.ModelsFile;
import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.ModelVocabulary;
import dev.olla.fleet.ModelVocabulary.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelTraitsTest {

    private static final ModelVocabulary VOCABULARY =
            ModelsFile.BUILT_IN.vocabulary().get();

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
        assertThat(ModelTraits.quantization(VOCABULARY, told)).isEqualTo(ours);
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
        "deepseek-r1:8b, deepseek, r1",
        "mistralai/Mistral-Small-3.1, mistral, small",
        "mistralai/Devstral-2507, devstral, 2507",
        "mixtral:8x7b, mixtral, ''",
        "Qwen2.5VL:7b, qwen, 2.5",
        "opt-1.3b, opt, ''",
        "nomic-bert:v1, nomic-bert, ''",
        "optimus, '', ''",
        "nobody-knows, '', ''"
    })
    void theNameTellsTheFamilyWhereTheServerDoesNot(String name, String family, String variant) {
        assertThat(VOCABULARY.families().named(name)).isEqualTo(new Family(family, variant));
    }

    @ParameterizedTest
    @CsvSource({"qwen3:8b, alibaba", "gpt-oss:20b, openai", "acme/qwen3, acme", "codellama:7b, meta", "nobody, ''"})
    void thePublisherIsToldByTheName(String name, String publisher) {
        assertThat(VOCABULARY.publisher(name)).isEqualTo(publisher);
    }

    private static ModelTraits traits(DiscoveredModel model) {
        FakeFleet fleet = new FakeFleet();
        fleet.add("a", FakeFleet.VLLM, 100, model);
        return ModelTraits.of(new ModelSource(fleet.snapshot().endpoints().getFirst(), model));
    }

    @Test
    void theNameAndTheContextTellWhatAModelCanDo() {
        assertThat(traits(FakeFleet.model("qwen3-coder:30b")).capabilities())
                .containsExactly("text-generation", "code-generation", "programming", "code-completion");
        assertThat(traits(FakeFleet.model("llava-instruct")).capabilities())
                .contains("text-generation", "chat", "vision", "image-understanding");
        assertThat(traits(FakeFleet.model("nomic-embed-text")).capabilities())
                .containsExactly("embeddings", "similarity", "vector-search");
    }

    @Test
    void embeddingsAreKnownByTypeOrByName() {
        assertThat(traits(FakeFleet.model("Nomic-Embed-Text:latest")).kind()).isEqualTo("embeddings");
        assertThat(traits(FakeFleet.model("bge-m3", null, 0, FakeFleet.details("embeddings", null, null, null)))
                        .kind())
                .isEqualTo("embeddings");
        assertThat(traits(FakeFleet.model("qwen3:8b")).kind()).isEqualTo("llm");
    }
}
