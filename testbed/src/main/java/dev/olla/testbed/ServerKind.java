package dev.olla.testbed;

import java.util.Arrays;
import java.util.Locale;

/// The inference server that a simulated one behaves like.
public enum ServerKind {
    OLLAMA("library"),
    VLLM("vllm"),
    OPENAI("openai"),
    LM_STUDIO("organization_owner"),
    LEMONADE("lemonade"),
    ANTHROPIC("anthropic"),
    LLAMACPP("llamacpp");

    private final String owner;

    ServerKind(String owner) {
        this.owner = owner;
    }

    /// What this kind writes into `owned_by` of an OpenAI model list.
    String owner() {
        return owner;
    }

    /// Reads `lm-studio`, `lm_studio`, `lmstudio` and the like; throws `IllegalArgumentException` naming the choices.
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
