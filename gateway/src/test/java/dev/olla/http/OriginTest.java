package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {

    @ParameterizedTest
    @CsvSource({
        "http://a.example/x,http://a.example,a.example,80",
        "HTTPS://a.example,https://a.example,a.example,443",
        "http://a.example:443,http://a.example:443,a.example,443",
        "http://[::1]:11434/v1,http://[::1]:11434,::1,11434",
        "http://[fe80::1],http://[fe80::1],fe80::1,80",
        "http://ollama_gpu1:11434/v1,http://ollama_gpu1:11434,ollama_gpu1,11434",
        "http://user:secret@a.example:1/x?key=secret#y,http://a.example:1,a.example,1",
        "http://ollama_gpu1,http://ollama_gpu1,ollama_gpu1,80",
        "http://_x.a_b:1,http://_x.a_b:1,_x.a_b,1",
    })
    void comesFromSchemeAndAuthority(String uri, String text, String host, int port) {
        Origin origin = Origin.of(URI.create(uri));
        assertThat(origin.toString()).isEqualTo(text);
        assertThat(origin.host()).isEqualTo(host);
        assertThat(origin.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/path",
                "http:/path",
                "mailto:a@b",
                "http://:80/",
                "http://a_b:port/",
                "http://a_b:70000/",
                "http://a_b:/x",
                "http://user@a_b/",
                "http://a,b/",
                "http://a_b:-1/"
            })
    void needsAHostAndAPort(String uri) {
        assertThat(Origin.isNamedBy(URI.create(uri))).isFalse();
        assertThatThrownBy(() -> Origin.of(URI.create(uri))).isInstanceOf(IllegalArgumentException.class);
    }
}
