package dev.olla.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;

/// Turns events into the bytes of lines. Used by one thread.
final class LineEncoder extends EncoderBase<ILoggingEvent> {

    private static final int KEPT = 16 * 1024;
    private static final byte[] NOTHING = {};

    private final LineFormat format;
    private StringBuilder line = new StringBuilder(512);

    LineEncoder(LineFormat format) {
        this.format = format;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        line.setLength(0);
        format.append(line, event);
        byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        if (line.capacity() > KEPT) {
            line = new StringBuilder(512);
        }
        return bytes;
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
