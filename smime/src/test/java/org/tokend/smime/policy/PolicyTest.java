package org.tokend.smime.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokend.smime.testing.Authority.NOW;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.policy.Rating.Worth;
import org.tokend.smime.testing.Authority;

@DisplayName("The policy on algorithms")
class PolicyTest {

    private final AlgorithmPolicy policy = AlgorithmPolicy.builtIn();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "MD5withRSA, REFUSED",
        "SHA1withRSA, OLD",
        "SHA1withECDSA, OLD",
        "SHA256withRSA, GOOD",
        "SHA256withRSAandMGF1, GOOD",
        "SHA512withECDSA, GOOD",
        "SHA3-256withRSA, GOOD",
        "Ed25519, GOOD",
        "ML-DSA-65, GOOD"
    })
    @DisplayName("rates signatures by their digest")
    void signatures(String name, Worth worth) {
        AlgorithmIdentifier algorithm = new DefaultSignatureAlgorithmIdentifierFinder().find(name);
        assertThat(policy.signature(algorithm, NOW).worth()).isEqualTo(worth);
    }

    @ParameterizedTest
    @CsvSource({"MD5, REFUSED", "SHA-1, OLD", "SHA-256, GOOD", "SHA3-256, GOOD", "Whirlpool, REFUSED"})
    @DisplayName("rates digests, and refuses those that it does not know")
    void digests(String name, Worth worth) {
        assertThat(policy.digest(name, NOW).worth()).isEqualTo(worth);
    }

    @ParameterizedTest
    @CsvSource({"AES, GOOD", "3DES, OLD", "RC2, REFUSED", "DES, REFUSED"})
    @DisplayName("lets 3DES be read and not written, and refuses RC2 and DES")
    void ciphers(String name, Worth worth) {
        assertThat(policy.cipher(name, NOW).worth()).isEqualTo(worth);
    }

    @Test
    @DisplayName("rates keys by their size, and curves")
    void keys() throws Exception {
        Authority authority = new Authority("Root", TestKey.CA_ROOT);
        assertThat(policy.key(authority.issue(Authority.mail("a@b", TestKey.RSA_2048_A)))
                        .worth())
                .isEqualTo(Worth.GOOD);
        assertThat(policy.key(authority.issue(Authority.mail("a@b", TestKey.P256_A)))
                        .worth())
                .isEqualTo(Worth.GOOD);
        assertThat(policy.key(authority.issue(Authority.mail("a@b", TestKey.ED25519)))
                        .worth())
                .isEqualTo(Worth.GOOD);
        AlgorithmPolicy strict = policy.with(Map.of("key.RSA.yes", "3072", "key.EC.old", "384"));
        assertThat(strict.key(authority.issue(Authority.mail("a@b", TestKey.RSA_2048_A)))
                        .worth())
                .isEqualTo(Worth.OLD);
        assertThat(strict.key(authority.issue(Authority.mail("a@b", TestKey.P256_A)))
                        .isRefused())
                .isTrue();
        KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
        small.initialize(512);
        KeyPair weak = small.generateKeyPair();
        assertThat(policy.key(authority.issue(Authority.person("weak", weak.getPublic())))
                        .text())
                .contains("512 bits");
    }

    @Test
    @DisplayName("ends an algorithm on its day, and no layer lifts what is always refused")
    void dates() {
        AlgorithmPolicy dated = policy.with(Map.of("digest.SHA256", "until 2030-01-01", "digest.MD5", "yes"));
        assertThat(dated.digest("SHA-256", Instant.parse("2029-12-31T23:59:59Z"))
                        .worth())
                .isEqualTo(Worth.GOOD);
        assertThat(dated.digest("SHA-256", Instant.parse("2030-01-01T00:00:00Z"))
                        .worth())
                .isEqualTo(Worth.OLD);
        assertThat(dated.digest("MD5", NOW).isRefused()).isTrue();
    }

    @Test
    @DisplayName("has a cipher for those who ask for none, which changes on its day and is never a weak one")
    void defaultCipher() throws IOException {
        assertThat(policy.date()).matches("20[0-9]{2}-[0-9]{2}-[0-9]{2}");
        assertThat(policy.defaultCipher(NOW)).isEqualTo("AES-256-CBC");
        AlgorithmPolicy dated = policy.with(
                Map.of("default.cipher", "aes-128-cbc until 2030-01-01, AES-256-CBC until 2031-01-01, AES-256-GCM"));
        assertThat(dated.defaultCipher(Instant.parse("2029-12-31T23:59:59Z"))).isEqualTo("AES-128-CBC");
        assertThat(dated.defaultCipher(Instant.parse("2030-01-01T00:00:00Z"))).isEqualTo("AES-256-CBC");
        assertThat(dated.defaultCipher(Instant.parse("2031-01-01T00:00:00Z"))).isEqualTo("AES-256-GCM");
        Path file = directory.resolve("set");
        for (String wrong : List.of("3DES", "AES-64-CBC", "AES-256-GCM until 2030-01-01", "AES-256-CBC until later")) {
            Files.writeString(file, "default.cipher = " + wrong);
            assertThatThrownBy(() -> MailPolicy.read(List.of(file)))
                    .hasMessageContaining("default.cipher is " + wrong)
                    .hasMessageContaining(file.toString());
        }
        Files.writeString(file, "default.cipher = AES-128-CBC\nlocked = default.cipher\n");
        Path person = Files.writeString(directory.resolve("mine"), "default.cipher = AES-256-GCM\n");
        MailPolicy set = MailPolicy.read(List.of(file, person));
        assertThat(set.algorithms().defaultCipher(NOW)).isEqualTo("AES-128-CBC");
        assertThat(set.value(AlgorithmPolicy.DEFAULT_CIPHER)).isEqualTo("AES-128-CBC");
        assertThat(MailPolicy.defaults().value(AlgorithmPolicy.DEFAULT_CIPHER)).isEqualTo("AES-256-CBC");
    }

    @Test
    @DisplayName("is set by the administrator, then the person, but not where it is locked")
    void layers() throws IOException {
        Path machine = Files.writeString(
                directory.resolve("machine"),
                "revocation = hard\nnetwork.seconds = 7\nlocked = revocation, digest.SHA1\n");
        Path person = Files.writeString(
                directory.resolve("person"), "revocation = off\nnetwork.seconds = 1\ndigest.SHA1 = yes\n");
        MailPolicy set = MailPolicy.read(List.of(machine, person, directory.resolve("absent")));
        assertThat(set.value(MailPolicy.REVOCATION)).isEqualTo("hard");
        assertThat(set.budget()).isEqualTo(Duration.ofSeconds(1));
        assertThat(set.algorithms().digest("SHA-1", NOW).worth()).isEqualTo(Worth.OLD);
        assertThat(set.problems())
                .hasSize(2)
                .allMatch(text -> text.startsWith("POLICY_LOCKED") && text.contains(machine.toString()));
        assertThat(set.lockedBy(MailPolicy.REVOCATION)).contains(machine);
    }

    @Test
    @DisplayName("names the file and the line's key where something is set that does not exist")
    void mistakes() throws IOException {
        Path file = directory.resolve("wrong");
        Files.writeString(file, "revocation = maybe");
        assertThatThrownBy(() -> MailPolicy.read(List.of(file))).hasMessageContaining("soft or hard or off");
        Files.writeString(file, "revokation = soft");
        assertThatThrownBy(() -> MailPolicy.read(List.of(file)))
                .hasMessageContaining("revokation is not a setting")
                .hasMessageContaining(file.toString());
    }
}
