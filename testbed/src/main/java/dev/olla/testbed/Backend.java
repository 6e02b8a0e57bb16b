package dev.olla.testbed;

/// What the routes of a simulated server read: who it is, what it offers, how it answers.
record Backend(
        String name, ServerKind kind, String version, ModelCatalogue models, Pacing pacing, Slots slots, Blobs blobs) {

    /// One moment for every `created`, so that equal requests get equal answers.
    static final long CREATED = 1_767_225_600L;

    static final String CREATED_TEXT = "2026-01-01T00:00:00Z";

    Reply replyTo(InferenceRequest request) {
        return Reply.to(request, name, pacing.tokens());
    }
}
