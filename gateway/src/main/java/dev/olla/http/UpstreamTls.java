package dev.olla.http;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// TLS to servers: their certificates are verified, their names included.
///
/// The context is made at the first use, since most fleets have no need of it and it costs time at start.
public final class UpstreamTls {

    private final @Nullable KeyStore trusted;
    private volatile @Nullable SslContext context;

    private UpstreamTls(@Nullable KeyStore trusted) {
        this.trusted = trusted;
    }

    /// Trusts the authorities that the Java platform trusts.
    public static UpstreamTls platform() {
        return new UpstreamTls(null);
    }

    /// Trusts the authorities in the store, and no others.
    public static UpstreamTls trusting(KeyStore trusted) {
        return new UpstreamTls(trusted);
    }

    SslHandler handler(Channel channel, Origin origin, Duration handshakeTimeout) throws SSLException {
        SslHandler handler = context().newHandler(channel.alloc(), origin.host(), origin.port());
        handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        return handler;
    }

    private synchronized SslContext context() throws SSLException {
        SslContext current = context;
        if (current == null) {
            current = build();
            context = current;
        }
        return current;
    }

    private SslContext build() throws SSLException {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            return SslContextBuilder.forClient().trustManager(trust).build();
        } catch (GeneralSecurityException e) {
            throw new SSLException(e);
        }
    }
}
