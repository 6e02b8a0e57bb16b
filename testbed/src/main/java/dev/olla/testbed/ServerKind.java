package dev.olla.testbed;

import java.util.Arrays;
import java.util.Locale;

/// The inference server that a simulated one behaves like.
public enum ServerKind {
    OLLAMA("ollama", "library"),
    VLLM("vllm", "vllm"),
    OPENAI("openai-compatible", "openai"),
    LM_STUDIO("lm-studio", "organization_owner"),
    LEMONADE("lemonade", "lemonade"),
    ANTHROPIC("openai-compatible", "anthropic"),
    LLAMACPP("llamacpp", "llamacpp"),
    SGLANG("sglang", "sglang"),
    LMDEPLOY("lmdeploy", "lmdeploy"),
    LITELLM("litellm", "openai"),
    DOCKER_MODEL_RUNNER("docker-model-runner", "docker"),
    OMLX("omlx", "omlx"),
    VLLM_MLX("vllm-mlx", "vllm-mlx");

    private final String type;
    private final String owner;

    ServerKind(String type, String owner) {
        this.type = type;
        this.owner = owner;
    }

    /// How a gateway's configuration calls such a server.
    public String type() {
        return type;
    }

    /// What this kind writes into `owned_by` of an OpenAI model list.
    String owner() {
        return owner;
    }

    /// Reads `lm-studio`, `lm_studio`, `lmstudio` and the like; throws `IllegalArgumentException` naming the
    /// choices.
    public static ServerKind parse(String text) {
        String wanted = squeeze(text);
        return Arrays.stream(values())
                .filter(kind -> squeeze(kind.name()).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown kind '" + text + "': choose one of " + Arrays.toString(values())));
    }

    @Override
    public String toString() {
        return squeeze(name());
    }

    private static String squeeze(String text) {
        return text.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "").replace(".", "");
    }
}
