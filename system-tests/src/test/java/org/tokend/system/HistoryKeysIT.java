package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.ImportedKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;

@DisplayName("A person with three generations of keys on two tokens")
class HistoryKeysIT {

    @TempDir
    Path directory;

    private void give(SoftHsmToken token, TestKey key, TestCa ca) throws Exception {
        ImportedKey imported = token.importKey(key);
        var certificate = ca.mail(key.publicKey(), "alice@example.org");
        token.importCertificate(imported, certificate);
        Files.writeString(directory.resolve(key + ".pem"), TestCa.pem(certificate));
        encrypt(key.toString());
    }

    /** From NAME.pem to NAME.eml. */
    private void encrypt(String name) throws Exception {
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "cms",
                        "-encrypt",
                        "-aes-256-cbc",
                        "-in",
                        "mail",
                        "-out",
                        name + ".eml",
                        name + ".pem")
                .directory(directory.toFile())
                .inheritIO()
                .start();
        assertThat(openssl.waitFor()).as("openssl encrypts %s.eml", name).isZero();
    }

    @Test
    @DisplayName("reads the mails of each; one prompt names the one token that is needed, and none where no key fits")
    void threeGenerations() throws Exception {
        TestCa ca = TestCa.create();
        Files.writeString(directory.resolve("mail"), "The cake is in the fridge.\n");
        try (SoftHsmToken old = SoftHsmToken.create("old card", "one pin 4 both");
                SoftHsmToken current = SoftHsmToken.create("new card", "one pin 4 both");
                ScriptedPinentry pinentry = ScriptedPinentry.create().always(PinentryAnswer.pin(old.pin()))) {
            give(old, TestKey.RSA_2048_A, ca);
            give(old, TestKey.RSA_2048_B, ca);
            give(current, TestKey.P256_A, ca);
            Files.writeString(
                    directory.resolve("bob.pem"),
                    TestCa.pem(ca.mail(TestKey.RSA_2048_C.publicKey(), "bob@example.org")));
            try (DaemonFixture daemon = DaemonFixture.builder()
                    .token(old)
                    .token(current)
                    .pinentry(pinentry)
                    .start()) {
                for (TestKey key : List.of(TestKey.RSA_2048_A, TestKey.RSA_2048_B)) {
                    decrypts(daemon, key);
                }
                assertThat(pinentry.prompts()).hasSize(1);
                assertThat(pinentry.prompts().get(0).description())
                        .contains("old card")
                        .doesNotContain("new card");
                decrypts(daemon, TestKey.P256_A);
                assertThat(pinentry.prompts()).hasSize(2);
                assertThat(pinentry.prompts().get(1).description()).contains("new card");
                encrypt("bob");
                CommandResult none = daemon.tokenctl(
                        "smime", "decrypt", directory.resolve("bob.eml").toString());
                assertThat(none.status()).isEqualTo(66);
                assertThat(pinentry.prompts()).hasSize(2);
            }
        }
    }

    private void decrypts(DaemonFixture daemon, TestKey key) {
        CommandResult result = daemon.tokenctl(
                "smime", "decrypt", directory.resolve(key + ".eml").toString());
        assertThat(result.status()).as(result.errors()).isZero();
        assertThat(result.output()).contains("The cake is in the fridge.");
    }
}
