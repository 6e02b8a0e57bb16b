package dev.olla.http;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How TLS with one server is made, where it is not to be made as with every other one.
///
/// @param authorities trusted in place of the platform's; empty means the platform's
/// @param serverName the name to ask for and to find in the certificate; null means the host that is connected to
/// @param insecure whether any certificate will do, for any name
/// @param http2 whether HTTP/2 is spoken where the server offers it
public record TlsSettings(
        List<X509Certificate> authorities, @Nullable String serverName, boolean insecure, boolean http2) {

    /// The platform's authorities, the server's own name.
    public static final TlsSettings STANDARD = new TlsSettings(List.of(), null, false, true);

    public TlsSettings {
        authorities = List.copyOf(authorities);
    }

    /// The same for a server whose name is another.
    public TlsSettings withoutServerName() {
        return serverName == null ? this : new TlsSettings(authorities, null, insecure, http2);
    }

    /// Cheap, since each request looks its connection up by it: certificates are only counted.
    @Override
    public int hashCode() {
        return Objects.hashCode(serverName) + 31 * authorities.size() + (insecure ? 1 : 0) + (http2 ? 2 : 0);
    }

    /// One line, without the certificates.
    @Override
    public String toString() {
        return "TlsSettings[" + authorities.size() + " authorities, server name " + serverName
                + (insecure ? ", not verified" : "") + (http2 ? "" : ", HTTP/1.1 only") + "]";
    }
}
