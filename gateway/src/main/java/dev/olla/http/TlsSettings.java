package dev.olla.http;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How the certificate of one server is checked, where it is not to be checked as every other one.
///
/// @param authorities trusted in place of the platform's; empty means the platform's
/// @param serverName the name to ask for and to find in the certificate; null means the host that is connected to
/// @param insecure whether any certificate will do, for any name
public record TlsSettings(
        List<X509Certificate> authorities, @Nullable String serverName, boolean insecure) {

    /// The platform's authorities, the server's own name.
    public static final TlsSettings STANDARD = new TlsSettings(List.of(), null, false);

    public TlsSettings {
        authorities = List.copyOf(authorities);
    }

    /// The same for a server whose name is another.
    public TlsSettings withoutServerName() {
        return serverName == null ? this : new TlsSettings(authorities, null, insecure);
    }

    /// Cheap, since each request looks its connection up by it: certificates are only counted.
    @Override
    public int hashCode() {
        return Objects.hashCode(serverName) + 31 * authorities.size() + (insecure ? 1 : 0);
    }

    /// One line, without the certificates.
    @Override
    public String toString() {
        return "TlsSettings[" + authorities.size() + " authorities, server name " + serverName
                + (insecure ? ", not verified" : "") + "]";
    }
}
