package dev.olla.dialect;

/// What the writer of an answer has to know of the request that it answers.
///
/// @param model as the client spelled it, for servers that don't name theirs
/// @param inputTokens an estimate, shown until the server tells
/// @param usageWanted whether a stream ends with what it has cost, where the format leaves that to the client
/// @param legacyFunctions whether the client speaks of `functions`, as OpenAI's did before there were tools
/// @param time when it was asked, in seconds since 1970
public record Asked(String model, long inputTokens, boolean usageWanted, boolean legacyFunctions, long time) {}
