package dev.olla.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where the gateway listens and what it takes.
///
/// @param host a name or an address, IPv6 with or without brackets; empty means every address
/// @param port 0 means any free port, which only tests use
/// @param readTimeout for a whole request, body included; zero means none
/// @param readHeaderTimeout for the head of a request; zero means none
/// @param writeTimeout the longest stall of a write to the client; zero means none
/// @param idleTimeout how long a connection may wait for its next request; zero means the read timeout
/// @param shutdownTimeout how long a stop waits for running requests
/// @param maxBodySize in bytes; zero or less means no limit
/// @param maxHeaderSize in bytes
/// @param bodyMemory in bytes: what the bodies of all requests may take together
public record ServerSettings(
        String host,
        int port,
        Duration readTimeout,
        Duration readHeaderTimeout,
        Duration writeTimeout,
        Duration idleTimeout,
        Duration shutdownTimeout,
        long maxBodySize,
        int maxHeaderSize,
        long bodyMemory) {

    public static final ServerSettings DEFAULTS = new ServerSettings(
            "localhost",
            40114,
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofSeconds(10),
            100L * 1024 * 1024,
            1024 * 1024,
            BodyMemory.STANDARD);

    private static final int MIN_HEADER_SIZE = 4096;

    public ServerSettings {
        maxHeaderSize = maxHeaderSize <= 0 ? 1024 * 1024 : Math.max(MIN_HEADER_SIZE, maxHeaderSize);
    }

    /// The address to listen on.
    ///
    /// @throws UnknownHostException when the host has none
    InetSocketAddress address() throws UnknownHostException {
        if (host.isEmpty()) {
            return new InetSocketAddress(port);
        }
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return new InetSocketAddress(InetAddress.getByName(bare), port);
    }

    /// Why nothing can listen on the host, whatever the port; null when something can. May look the name up.
    public @Nullable String addressProblem() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address().getAddress(), 0));
            return null;
        } catch (UnknownHostException _) {
            return host + " is no host that is known here";
        } catch (IOException e) {
            return "cannot listen on " + host + ": " + e.getMessage();
        }
    }

    /// The settings with another address to listen on.
    public ServerSettings listeningOn(String newHost, int newPort) {
        return new ServerSettings(
                newHost,
                newPort,
                readTimeout,
                readHeaderTimeout,
                writeTimeout,
                idleTimeout,
                shutdownTimeout,
                maxBodySize,
                maxHeaderSize,
                bodyMemory);
    }
}
