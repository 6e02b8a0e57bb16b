package dev.olla.dialect;

import java.util.Set;

/// What a server takes beyond the format that it speaks, for one model.
///
/// @param extensions `api.extensions` of its profile: names of fields, for instance `top_k`, `chat_template_kwargs`,
///     `reasoning_effort`
/// @param thinks whether it may be told to think: some refuse that for models that can't
public record Abilities(Set<String> extensions, boolean thinks) {

    public static final Abilities NONE = new Abilities(Set.of());

    public Abilities {
        extensions = Set.copyOf(extensions);
    }

    /// Of a model that may think.
    public Abilities(Set<String> extensions) {
        this(extensions, true);
    }

    public boolean takes(String extension) {
        return extensions.contains(extension);
    }
}
