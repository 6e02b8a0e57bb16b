package dev.olla.request;

import dev.olla.dialect.translate.ClientRequests;

/// What requests need to be put into other formats.
///
/// @param requests reads those of clients
public record Formats(FormatSettings settings, ClientRequests requests) {}
