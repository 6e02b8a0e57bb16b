package dev.olla.fleet;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The header field by which the gateway proves to a server who it is. Neither name nor value is ever shown.
///
/// @param header a token
/// @param value what a field may hold: printable, on one line
public record EndpointCredential(String header, String value) {

    public static EndpointCredential bearer(String token) {
        return new EndpointCredential("Authorization", "Bearer " + token);
    }

    /// By the Basic scheme (RFC 7617), in UTF-8.
    ///
    /// @param username without a colon
    public static EndpointCredential basic(String username, String password) {
        byte[] pair = (username + ':' + password).getBytes(StandardCharsets.UTF_8);
        return new EndpointCredential(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    public static EndpointCredential apiKey(String header, String key) {
        return new EndpointCredential(header, key);
    }

    @Override
    public String toString() {
        return "EndpointCredential[hidden]";
    }
}
