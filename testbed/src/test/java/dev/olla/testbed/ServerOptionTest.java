package dev.olla.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ServerOptionTest {

    @Test
    void readsModelNamesWithColonsAndSlashes() {
        SimulatedServerBuilder plan = ServerOption.read(
                "kind=vllm,name=rack-1,port=0,models=Qwen/Qwen3-8B|llama3.2:latest,ttft=50ms,tps=40,slots=2");

        try (SimulatedServer server = plan.start()) {
            assertThat(server.name()).isEqualTo("rack-1");
            assertThat(server.kind()).isEqualTo(ServerKind.VLLM);
            assertThat(server.models())
                    .extracting(SimulatedModel::name)
                    .containsExactly("Qwen/Qwen3-8B", "llama3.2:latest");
        }
    }

    @Test
    void namesTheKeyThatIsWrong() {
        assertThatThrownBy(() -> ServerOption.read("kind=ollama,prot=1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prot");
        assertThatThrownBy(() -> ServerOption.read("kind=olama")).hasMessageContaining("olama");
        assertThatThrownBy(() -> ServerOption.read("kind=ollama,ttft=5")).hasMessageContaining("50ms");
    }
}
