package dev.olla.http;

import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A temporary file with what didn't fit into memory.
///
/// It is there from the first write until nobody refers to it any more. The operating system knows that it is to
/// go, so that not even a process that dies leaves one behind. Reading and writing block; any thread may refer to
/// it.
final class BodyFile {

    private final BodyFolder folder;
    private @Nullable FileChannel channel;
    private int references = 1;

    BodyFile(BodyFolder folder) {
        this.folder = folder;
    }

    /// Writes all bytes of the buffer.
    void write(ByteBuf bytes, long position) throws IOException {
        FileChannel out = opened();
        long at = position;
        while (bytes.isReadable()) {
            at += bytes.readBytes(out, at, bytes.readableBytes());
        }
    }

    private synchronized FileChannel opened() throws IOException {
        if (channel == null) {
            channel = FileChannel.open(
                    folder.newFile(),
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
        }
        return channel;
    }

    /// Reads exactly so many bytes into the buffer.
    void read(ByteBuf into, long position, int count) throws IOException {
        FileChannel in = opened();
        int done = 0;
        while (done < count) {
            int read = into.writeBytes(in, position + done, count - done);
            if (read < 0) {
                throw new EOFException("the file of a body is too short");
            }
            done += read;
        }
    }

    synchronized BodyFile retain() {
        if (references <= 0) {
            throw new IllegalStateException("the file was released");
        }
        references++;
        return this;
    }

    /// Deletes the file with the last reference, on a thread of its own since that can take a while.
    synchronized void release() {
        FileChannel last = channel;
        if (--references == 0 && last != null) {
            Thread.ofVirtual().name("olla-body-file").start(() -> close(last));
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // nothing is lost with it
        }
    }
}
