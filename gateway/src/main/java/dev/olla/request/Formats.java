package dev.olla.request;

import dev.olla.dialect.translate.ClientRequests;

/// What requests need to be put into other formats.
///
/// @param requests reads those of clients
/// @param transcripts where conversations are written to, if they are
public record Formats(FormatSettings settings, ClientRequests requests, Transcripts transcripts) {}
