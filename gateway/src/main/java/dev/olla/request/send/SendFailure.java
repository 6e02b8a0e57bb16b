package dev.olla.request.send;

import dev.olla.fleet.Endpoint;
import dev.olla.telemetry.RequestOutcome.Result;

/// No endpoint gave an answer.
///
/// @param status for the client
/// @param code the word for programs
/// @param message the words for people; names endpoint and limit
/// @param endpoint the last one tried
/// @param attempts how many were made
public record SendFailure(int status, String code, String message, Result result, Endpoint endpoint, int attempts) {}
