package dev.olla.testbed;

import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// One blob on its way in: hashed as it comes, and not kept.
final class BlobReceipt {

    private final Blobs blobs;
    private final MessageDigest hash;

    BlobReceipt(Blobs blobs) {
        this.blobs = blobs;
        try {
            hash = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    void add(ByteBuf bytes) {
        blobs.received(bytes.readableBytes());
        for (var part : bytes.nioBuffers()) {
            hash.update(part);
        }
    }

    /// The client left within the blob.
    void breakOff() {
        blobs.brokeOff();
    }

    /// The blob is whole.
    void end() {
        blobs.add("sha256:" + HexFormat.of().formatHex(hash.digest()));
    }
}
