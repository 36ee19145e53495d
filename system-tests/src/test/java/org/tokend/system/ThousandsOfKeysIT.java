package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.client.TokenClient;
import org.tokend.client.TokenClientException;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.ImportedKey;
import org.tokend.fixtures.softhsm.KeyImport;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Sign;

@Timeout(120)
@DisplayName("A token with 1,500 keys under one CKA_ID, each with a certificate")
class ThousandsOfKeysIT {
    private static final int KEYS = 1_500;

    private static final TestCa CA = TestCa.create();

    private static SoftHsmToken token;
    private static ScriptedPinentry pinentry;
    private static DaemonFixture daemon;

    @BeforeAll
    static void start() throws Exception {
        token = SoftHsmToken.create("many");
        pinentry = ScriptedPinentry.create().always(PinentryAnswer.pin(token.pin()));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        List<KeyImport> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            keys.add(KeyImport.of(generator.generateKeyPair(), label(i)).withId("01"));
        }
        List<ImportedKey> imported = token.importKeys(keys);
        Map<ImportedKey, X509Certificate> certificates = new LinkedHashMap<>();
        for (int i = 0; i < KEYS; i++) {
            certificates.put(imported.get(i), CA.mail(imported.get(i).publicKey(), address(i)));
        }
        token.importCertificates(certificates);
        token.importCertificate(CA.issuing(), "issuing", new byte[] {0x7f});
        daemon = DaemonFixture.builder()
                .token(token)
                .pinentry(pinentry)
                .daemon("max-connections", "400")
                .daemon("max-connections-per-program", "400")
                .daemon("write-timeout", "\"1m\"")
                .start();
        CommandResult unlock = daemon.tokenctl("unlock", "pkcs11:token=many");
        assertThat(unlock.status()).as(unlock.errors()).isZero();
    }

    @AfterAll
    static void stop() {
        daemon.close();
        pinentry.close();
        token.close();
    }

    private static String label(int i) {
        return i == KEYS - 1 ? "ü".repeat(127) : "key-" + i;
    }

    private static String address(int i) {
        return "person-" + i + "@example.org";
    }

    private static CommandResult sign(String key) {
        return daemon.tokenctl(
                "sign", "--key", key, "--base64", daemon.configuration().toString());
    }

    @Test
    @DisplayName("Each key signs under its label, be it as long as a label may be")
    void byLabel() {
        for (String name : List.of(label(0), label(777), label(KEYS - 1))) {
            CommandResult signed = sign(name);
            assertThat(signed.status()).as(signed.errors()).isZero();
        }
    }

    @Test
    @DisplayName("All keys are listed, each with its public key")
    void listed() {
        CommandResult keys = daemon.tokenctl("keys");

        assertThat(keys.status()).as(keys.errors()).isZero();
        assertThat(keys.output().lines()).hasSize(KEYS);
        try (TokenClient client = TokenClient.open(daemon.socket())) {
            assertThat(client.listKeys(null))
                    .hasSize(KEYS)
                    .allMatch(key -> key.problem() == null && key.publicKey().length > 0);
        }
    }

    @Test
    @DisplayName(
            "Mails are signed, encrypted and decrypted, and all certificates shown, in a quarter of the memory that there is")
    void mails(@TempDir Path directory) throws Exception {
        Map<String, String> environment = new HashMap<>(daemon.environment());
        environment.putAll(Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString(), "TOKENCTL_HEAP", "16m"));
        Programs programs = new Programs(directory, environment);
        String tokenctl =
                Path.of(System.getProperty("tokend.home"), "bin", "tokenctl").toString();
        Files.writeString(programs.file("root.pem"), TestCa.pem(CA.root()));
        Files.writeString(
                programs.file("mail.eml"),
                "From: " + address(7) + "\r\nTo: " + address(KEYS - 2) + "\r\nSubject: x\r\n\r\nhello\r\n");

        programs.succeeds(tokenctl, "smime", "sign", "mail.eml", "--out", "signed.eml");
        programs.succeeds("openssl", "cms", "-verify", "-in", "signed.eml", "-CAfile", "root.pem", "-out", "text");
        programs.succeeds(tokenctl, "smime", "encrypt", "mail.eml", "--anchors", "root.pem", "--out", "secret.eml");
        programs.succeeds(tokenctl, "smime", "decrypt", "secret.eml", "--out", "read.eml");
        assertThat(programs.file("read.eml")).content().contains("hello");
        assertThat(programs.succeeds(tokenctl, "certs", "list").lines()).hasSize(KEYS);
    }

    @Test
    @DisplayName("A name that fits all of them, or none, is answered with the first few and how many there are")
    void ambiguous() {
        CommandResult all = sign("pkcs11:token=many");
        CommandResult none = sign("nobody's");

        assertThat(all.status()).isEqualTo(64);
        assertThat(all.errors()).contains("names 1500 keys", "and 1480 more");
        assertThat(all.errors().lines()).hasSize(22);
        assertThat(none.status()).isEqualTo(66);
        assertThat(none.errors()).contains("there is no key nobody's", "and 1480 more");
        assertThat(none.errors().lines()).hasSize(22);
        try (TokenClient client = TokenClient.open(daemon.socket())) {
            Sign ambiguous =
                    new Sign("pkcs11:token=many", Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, new byte[32], "a test");
            assertThatThrownBy(() -> client.sign(ambiguous))
                    .isInstanceOf(TokenClientException.class)
                    .hasMessageContaining("1500 keys are named pkcs11:token=many")
                    .hasMessageContaining("and 1490 more; use one of these fingerprints");
            assertThat(client.listTokens()).hasSize(1);
        }
    }

    @Test
    @DisplayName(
            "Three hundred programs ask for all keys and do not read the answer: it takes no memory, and others are served")
    void listedToNobody() throws Exception {
        List<RawConnection> asking = new ArrayList<>();
        try (TokenClient client = TokenClient.open(daemon.socket())) {
            for (int i = 0; i < 300; i++) {
                asking.add(new RawConnection(daemon.socket()).send("{\"method\":\"org.tokend.Token.ListKeys\"}\0"));
            }
            for (RawConnection each : asking) {
                assertThat(each.answerBegins()).isTrue();
            }
            assertThat(client.listKeys(null)).hasSize(KEYS);
            assertThat(daemon.isAlive()).isTrue();
        } finally {
            for (RawConnection each : asking) {
                each.close();
            }
        }
    }
}
