package dev.olla.http;

import java.time.Duration;

/// How long each phase of a call to a server may take; zero means no limit.
///
/// @param connect until the TCP connection stands
/// @param tlsHandshake until the TLS session stands
/// @param head from the request written until the head of the answer
/// @param read the longest silence while the body of the answer arrives
/// @param total from the request written until the end of the answer
public record UpstreamTimeouts(Duration connect, Duration tlsHandshake, Duration head, Duration read, Duration total) {}
