package dev.olla.http;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The HTTP/2 connections of one event loop to one server that take new calls. Used on its event loop only.
final class SharedConnections {

    private final List<SharedConnection> open = new ArrayList<>(1);

    /// A connection that takes one more call; null where there is none.
    @Nullable
    SharedConnection withRoom() {
        for (SharedConnection connection : open) {
            if (connection.hasRoom()) {
                return connection;
            }
        }
        return null;
    }

    /// Takes in a connection and makes it speak HTTP/2.
    SharedConnection add(SharedConnection added, Channel channel) {
        open.add(added);
        added.speakOn(channel);
        return added;
    }

    /// It takes no new call.
    ///
    /// @return whether none is left
    boolean remove(SharedConnection connection) {
        open.remove(connection);
        return open.isEmpty();
    }

    /// Closes each of them once its calls are over.
    void retire() {
        List.copyOf(open).forEach(SharedConnection::retire);
    }
}
