package dev.olla.request.inspect;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one scan of a request's body tells.
///
/// @param model as the client spelled it, trimmed; null when the body names none
/// @param modelStart where the model's JSON string starts in the body, its quote included; -1 when it can't be
///     replaced
/// @param modelEnd the byte after its closing quote
/// @param streaming what the body says of `stream`; null when it says nothing
/// @param problem why the body is no JSON object; null when it is one, or wasn't looked at
/// @param needs what the model had better be able to do
/// @param wrongModel what stands where the model's name should, `null` or `empty` for instance; null when there is
///     a name, or nothing at all
/// @param prefix a hash of how the conversation begins, which stays while it grows; null when there is no beginning
public record Inspection(
        @Nullable String model,
        long modelStart,
        long modelEnd,
        @Nullable Boolean streaming,
        @Nullable String problem,
        @Nullable String wrongModel,
        Set<Need> needs,
        @Nullable Long prefix) {

    /// The word for a model's name that is empty.
    public static final String EMPTY_MODEL = "empty";

    /// Nothing was looked at.
    public static final Inspection NONE = new Inspection(null, -1, -1, null, null, null, Set.of(), null);

    public Inspection {
        needs = Set.copyOf(needs);
    }

    /// For a body that is too large for anything but its model to be worth a thought.
    Inspection withoutNeeds() {
        return new Inspection(model, modelStart, modelEnd, streaming, problem, wrongModel, Set.of(), prefix);
    }

    Inspection withProblem(String newProblem) {
        return new Inspection(null, -1, -1, streaming, newProblem, null, needs, prefix);
    }

    Inspection withWrongModel(@Nullable String found) {
        return new Inspection(null, -1, -1, streaming, null, found, needs, prefix);
    }
}
