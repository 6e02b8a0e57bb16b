package dev.olla.http;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.NetUtil;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// TLS to servers: their certificates are verified, their names included, unless their [TlsSettings] say otherwise.
///
/// A context is made at the first use, since most fleets have no need of it and it costs time at start. Each
/// settings have their own: a session of one is never resumed under the rules of another.
public final class UpstreamTls {

    /// By their names in ALPN (RFC 7301), the one that is liked best first.
    private static final String[] PROTOCOLS = {"h2", "http/1.1"};

    private final @Nullable KeyStore trusted;
    private final Map<TlsSettings, SslContext> contexts = new ConcurrentHashMap<>();

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

    /// Forgets what was made for all other settings; what uses them still goes on, or has it made again.
    void keep(Set<TlsSettings> used) {
        contexts.keySet().retainAll(used);
    }

    /// How many contexts are held.
    int size() {
        return contexts.size();
    }

    /// @param http2 whether HTTP/2 is offered besides HTTP/1.1
    SslHandler handler(Channel channel, Origin origin, Duration handshakeTimeout, boolean http2) throws SSLException {
        String name = origin.tlsSettings().serverName();
        SslHandler handler = context(origin.tlsSettings())
                .newHandler(channel.alloc(), name == null ? origin.host() : name, origin.port());
        SSLParameters parameters = handler.engine().getSSLParameters();
        if (name != null && NetUtil.createByteArrayFromIpAddressString(name) == null) {
            // Java's own rule sends no name without a dot.
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        if (http2) {
            parameters.setApplicationProtocols(PROTOCOLS);
        }
        handler.engine().setSSLParameters(parameters);
        handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        return handler;
    }

    /// Whether the server has chosen HTTP/2; once the handshake is over.
    static boolean choseHttp2(SslHandler handler) {
        return "h2".equals(handler.engine().getApplicationProtocol());
    }

    private SslContext context(TlsSettings settings) throws SSLException {
        SslContext made = contexts.get(settings);
        return made != null ? made : make(settings);
    }

    private synchronized SslContext make(TlsSettings settings) throws SSLException {
        SslContext made = contexts.get(settings);
        if (made == null) {
            made = build(settings);
            contexts.put(settings, made);
        }
        return made;
    }

    private SslContext build(TlsSettings settings) throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (settings.insecure()) {
            return builder.trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null)
                    .build();
        }
        if (!settings.authorities().isEmpty()) {
            return builder.trustManager(settings.authorities().toArray(X509Certificate[]::new))
                    .build();
        }
        return builder.trustManager(platformTrust()).build();
    }

    private TrustManagerFactory platformTrust() throws SSLException {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            return trust;
        } catch (GeneralSecurityException e) {
            throw new SSLException(e);
        }
    }
}
