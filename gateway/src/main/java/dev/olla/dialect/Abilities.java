package dev.olla.dialect;

import java.util.Set;

/// What a kind of server takes beyond the format that it speaks: `api.extensions` of its profile.
///
/// @param extensions names of fields, for instance `top_k`, `chat_template_kwargs`, `reasoning_effort`
public record Abilities(Set<String> extensions) {

    public static final Abilities NONE = new Abilities(Set.of());

    public Abilities {
        extensions = Set.copyOf(extensions);
    }

    public boolean takes(String extension) {
        return extensions.contains(extension);
    }
}
