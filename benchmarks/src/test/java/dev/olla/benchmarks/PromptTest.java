package dev.olla.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptTest {

    @Test
    void isAsLongAsAsked() {
        assertThat(new Prompt(1024, true, true).toJson()).hasSize(1024);
        assertThat(new Prompt(400 * 1024, false, false).toJson()).hasSize(400 * 1024);
        assertThat(BenchProtocol.ANSWER).hasSize(1024);
    }

    @Test
    void namesTheModelWhereAsked() {
        assertThat(new Prompt(1024, true, false).toJson()).startsWith("{\"model\":\"bench-model\",");
        assertThat(new Prompt(1024, false, false).toJson()).endsWith(",\"model\":\"bench-model\"}");
    }
}
