package dev.olla.fleet;

import java.util.function.Supplier;

/// The larger part of a profile, which only few requests need.
public record ProfileDetails(
        ModelPatterns models,
        ResourceProfile resources,
        AnswerFormulas metrics,
        DetectionHints detection,
        PathIndices pathIndices) {

    public static final ProfileDetails NONE = new ProfileDetails(
            ModelPatterns.NONE, ResourceProfile.NONE, AnswerFormulas.NONE, DetectionHints.NONE, PathIndices.FIRST);

    /// Details that are read already; equal when what they hold is.
    public record Known(ProfileDetails details) implements Supplier<ProfileDetails> {
        @Override
        public ProfileDetails get() {
            return details;
        }
    }
}
