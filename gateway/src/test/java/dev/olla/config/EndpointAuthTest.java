package dev.olla.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.EndpointCredential;
import dev.olla.fleet.EndpointSettings;
import dev.olla.testbed.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `auth` and `tls` under an endpoint.
final class EndpointAuthTest {

    private static final String ENDPOINT = """
            discovery:
              static:
                endpoints:
                  - name: gpu
                    url: https://gpu:8000
            """;

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();

    private ConfigLoader loader = new ConfigLoader(Map.of(), Path.of(""));

    @BeforeEach
    void filesAndVariables() throws IOException {
        Files.writeString(folder.resolve("token"), "\n  from-file \r\n");
        Files.writeString(folder.resolve("user"), "bob\n");
        Files.writeString(folder.resolve("raw"), "${TOKEN}");
        Files.writeString(folder.resolve("blank"), " \n\n");
        Files.writeString(folder.resolve("two-lines"), "s3cret\ns3cret\n");
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xFF, 's', '3'});
        Files.writeString(folder.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");
        Files.writeString(folder.resolve("key.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----");
        environment.put("TOKEN", "t0ken");
        environment.put("EMPTY", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: bearer, token: abc}| Authorization| Bearer abc",
                "{type: bearer, token: 0123}| Authorization| Bearer 0123",
                "{type: bearer, token: 'a b '}| Authorization| 'Bearer a b '",
                "{type: bearer, token: 'x${TOKEN}y'}| Authorization| Bearer xt0keny",
                "{type: bearer, token: '${EMPTY:-none}'}| Authorization| Bearer none",
                "{type: bearer, token: '${NOPE:-none}'}| Authorization| Bearer none",
                "{type: bearer, token: '${TOKEN:-none}'}| Authorization| Bearer t0ken",
                "{type: bearer, token: '${}$TOKEN'}| Authorization| Bearer ${}$TOKEN",
                "{type: bearer, token_file: token}| Authorization| Bearer from-file",
                "{type: bearer, token_file: raw}| Authorization| Bearer ${TOKEN}",
                "{type: bearer, token: abc, header: X-Ignored}| Authorization| Bearer abc",
                "{type: api_key, key: abc}| X-Api-Key| abc",
                "{type: api_key, key_file: token, header: X-Gpu}| X-Gpu| from-file",
                "{type: basic, username: bob, password: 'pä:ss'}| Authorization| Basic Ym9iOnDDpDpzcw==",
                "{type: basic, username_file: user, password_file: token}| Authorization| Basic Ym9iOmZyb20tZmlsZQ==",
            })
    void everyFormOfACredential(String auth, String header, String value) throws IOException {
        assertThat(loaded("        auth: " + auth).credential()).isEqualTo(new EndpointCredential(header, value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3cret| auth| expected keys below it, each with a colon",
                "[s3cret]| auth| expected keys below it, each with a colon",
                "{}| auth.type| endpoint gpu: one of bearer, api_key, basic is needed",
                "{token: s3cret}| auth.type| endpoint gpu: one of bearer, api_key, basic is needed",
                "{type: s3cret, token: s3cret}| auth.type| endpoint gpu: this type is not known: one of bearer,",
                "{type: [s3cret], token: s3cret}| auth.type| one value is expected here, of type text",
                "{type: berer, token: s3cret}| auth.type| did you mean bearer?",
                "{type: bearer}| auth.token| endpoint gpu: one of token, token_file is needed",
                "{type: bearer, token: s3cret, token_file: s3cret}| auth.token_file| write token or token_file, not both",
                "{type: bearer, token: ''}| auth.token| endpoint gpu: is empty",
                "{type: bearer, token: '  '}| auth.token| endpoint gpu: is empty",
                "{type: bearer, token: '${EMPTY}'}| auth.token| endpoint gpu: is empty",
                "{type: bearer, token: [s3cret]}| auth.token| one value is expected here, of type text",
                "{type: bearer, token: '${B}s3cret${A}'}| auth.token| endpoint gpu: these variables are not set: A, B",
                "{type: bearer, token: \"s3cret\\r\\nX: y\"}| auth.token| a secret must be one line",
                "{type: bearer, token: 's3cret✓'}| auth.token| holds a character that no header can carry",
                "{type: bearer, token: s3cret, key: s3cret}| auth.key| endpoint gpu: has no place beside type bearer",
                "{type: bearer, token: s3cret, password_file: s3cret}| auth.password_file| has no place beside type",
                "{type: bearer, token_file: s3cret}| auth.token_file| endpoint gpu: the file does not exist",
                "{type: bearer, token_file: \"s3cret\\0\"}| auth.token_file| endpoint gpu: this is no path of a file",
                "{type: bearer, token_file: .}| auth.token_file| the file can't be used: it is a directory",
                "{type: bearer, token_file: blank}| auth.token_file| endpoint gpu: is empty",
                "{type: bearer, token_file: two-lines}| auth.token_file| a secret must be one line",
                "{type: bearer, token_file: binary}| auth.token_file| the file is not a text in UTF-8",
                "{type: api_key}| auth.key| endpoint gpu: one of key, key_file is needed",
                "{type: api_key, key: s3cret, header: 's3cret x'}| auth.header| this is no header name",
                "{type: api_key, key: s3cret, header: Host}| auth.header| the gateway itself sets this header",
                "{type: api_key, key: s3cret, username: s3cret}| auth.username| has no place beside type api_key",
                "{type: basic, password: s3cret}| auth.username| one of username, username_file is needed",
                "{type: basic, username: s3cret}| auth.password| one of password, password_file is needed",
                "{type: basic, username: 's3:cret', password: s3cret}| auth.username| a colon has no place in it",
                "{type: basic, username: s3cret, password: s3cret, token: x}| auth.token| no place beside type basic",
            })
    void everyMistakeIsNamedWithItsKeyAndLineAndNoValue(String auth, String key, String message) throws IOException {
        assertThat(errors("        auth: " + auth))
                .singleElement()
                .asString()
                .startsWith("config.yaml:6: discovery.static.endpoints[0]." + key + ": ")
                .contains(message)
                .doesNotContain("s3cret");
    }

    @Test
    void allMissingVariablesAreReportedTogether() throws IOException {
        assertThat(errors("""
                            auth: {type: basic, username: "${A_USER}", password: "${A_PASSWORD}"}
                            headers: {X-Tenant: "${A_TENANT}"}
                    """))
                .hasSize(3)
                .anyMatch(error -> error.contains("auth.username") && error.endsWith("not set: A_USER"))
                .anyMatch(error -> error.contains("auth.password") && error.endsWith("not set: A_PASSWORD"))
                .anyMatch(error -> error.contains("headers") && error.endsWith("not set: A_TENANT"));
    }

    @Test
    void aKeyThatIsNotKnownIsNoSecretGivenAway() throws IOException {
        assertThat(problems("        auth: {type: bearer, token: abc, s3cret: s3cret, tokn: s3cret}"))
                .hasSize(2)
                .allMatch(problem -> problem.contains("discovery.static.endpoints[0].auth: unknown key"))
                .noneMatch(problem -> problem.contains("s3cret"));
    }

    @Test
    void withoutAuthThereIsNoCredential() throws IOException {
        assertThat(loaded("").credential()).isNull();
        assertThat(loaded("        auth:").credential()).isNull();
    }

    @Test
    void aCredentialIsNeverPartOfAText() throws IOException {
        EndpointSettings endpoint = loaded("        auth: {type: api_key, key: s3cret, header: X-S3cret}");
        assertThat(endpoint + " " + endpoint.credential()).doesNotContainIgnoringCase("s3cret");
    }

    @Test
    void theFilesThatWereReadAreWatched() throws IOException {
        TestCertificates certificates = TestCertificates.create();
        Files.writeString(folder.resolve("ca.pem"), certificates.authorityPem());
        Config config = config("""
                            auth: {type: basic, username_file: user, password_file: token}
                            tls: {ca_file: ca.pem}
                    """);
        assertThat(config.secretFiles())
                .containsExactly(folder.resolve("user"), folder.resolve("token"), folder.resolve("ca.pem"));
        assertThat(loader.watched(config)).containsAll(config.secretFiles());
    }

    // TLS

    @Test
    void severalAuthoritiesMayStandInOneFileAmongOtherThings() throws IOException {
        TestCertificates one = TestCertificates.create();
        TestCertificates other = TestCertificates.create();
        Files.writeString(
                folder.resolve("ca.pem"), "# ours\n" + one.authorityPem() + one.keyPem() + "\n" + other.authorityPem());
        EndpointSettings endpoint = loaded("        tls: {ca_file: ca.pem, server_name: gpu.internal}");
        assertThat(endpoint.tls().authorities()).hasSize(2);
        assertThat(endpoint.tls().serverName()).isEqualTo("gpu.internal");
        assertThat(endpoint.tls().insecure()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ca_file: none.pem}| ca_file: none.pem: the file does not exist",
                "{ca_file: .}| ca_file: .: the file can't be used: it is a directory",
                "{ca_file: token}| ca_file: no certificate in the file",
                "{ca_file: key.pem}| ca_file: no certificate in the file",
                "{ca_file: broken.pem}| ca_file: certificate 1 in the file is broken",
                "{server_name: 'a b'}| server_name: a b is no name of a host",
                "{insecure_skip_verify: 7}| insecure_skip_verify: 7 is neither true nor false",
            })
    void aMistakeInTlsIsOneLine(String tls, String message) throws IOException {
        assertThat(errors("        tls: " + tls))
                .singleElement()
                .asString()
                .startsWith("config.yaml:6: discovery.static.endpoints[0].tls." + message);
    }

    @Test
    void skippingVerificationIsWarnedOfByName() throws IOException {
        assertThat(loaded("        tls: {insecure_skip_verify: true}").tls().insecure())
                .isTrue();
        assertThat(problems("        tls: {insecure_skip_verify: true}"))
                .singleElement()
                .asString()
                .contains("tls.insecure_skip_verify: the certificate of endpoint gpu is not verified");
    }

    @Test
    void whereCredentialsAreNotSentIsSaid() throws IOException {
        assertThat(problems("""
                            auth: {type: bearer, token: abc}
                            health_check_url: http://gpu:9000/up
                            model_url: https://other:8000/v1/models
                    """))
                .hasSize(2)
                .allMatch(problem -> problem.contains("headers and auth are not sent there"));
        assertThat(problems("        auth: {type: bearer, token: abc}\n        model_url: https://GPU:9/v1/models"))
                .isEmpty();
    }

    @Test
    void aFileThatARefusedConfigurationLacksIsWatched() throws IOException {
        Config running = config("        auth: {type: bearer, token_file: token}");
        ConfigLoader first = loader;
        Files.delete(folder.resolve("token"));
        assertThat(first.load(null)).isInstanceOf(ConfigLoader.Result.Refused.class);
        assertThat(first.watched(running)).contains(folder.resolve("token"));
        Files.writeString(
                folder.resolve("config.yaml"), ENDPOINT + "        auth: {type: bearer, token_file: coming}\n");
        assertThat(first.load(null)).isInstanceOf(ConfigLoader.Result.Refused.class);
        assertThat(first.watched(running)).contains(folder.resolve("token"), folder.resolve("coming"));
        Files.writeString(folder.resolve("coming"), "abc");
        assertThat(first.load(null)).isInstanceOf(ConfigLoader.Result.Loaded.class);
    }

    private Config config(String lines) throws IOException {
        return switch (load(lines)) {
            case ConfigLoader.Result.Loaded(Config config) -> config;
            case ConfigLoader.Result.Refused refused -> throw new AssertionError(refused);
        };
    }

    private EndpointSettings loaded(String lines) throws IOException {
        return config(lines).endpoints().getFirst();
    }

    private List<String> problems(String lines) throws IOException {
        return config(lines).problems().stream().map(ConfigProblem::toString).toList();
    }

    private List<String> errors(String lines) throws IOException {
        return switch (load(lines)) {
            case ConfigLoader.Result.Loaded loaded -> throw new AssertionError(loaded);
            case ConfigLoader.Result.Refused refused ->
                refused.problems().stream().map(ConfigProblem::toString).toList();
        };
    }

    private ConfigLoader.Result load(String lines) throws IOException {
        Files.writeString(folder.resolve("config.yaml"), ENDPOINT + lines + "\n");
        loader = new ConfigLoader(environment, folder);
        return loader.load(null);
    }
}
