package dev.olla.http;

/// The status and header fields of an answer (RFC 9112 §4).
///
/// @param status 100 to 999
public record ResponseHead(int status, Headers headers) {}
