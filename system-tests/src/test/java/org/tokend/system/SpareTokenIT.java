package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.fault.FaultModule;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.SoftHsmToken;

@Timeout(180)
@DisplayName("One key on two tokens")
class SpareTokenIT {
    private static final String PIN = "one pin 4 both";

    @TempDir
    Path directory;

    private final TestCa ca = TestCa.create();
    private final SoftHsmToken card = SoftHsmToken.create("card", PIN);
    private final SoftHsmToken spare = SoftHsmToken.create("spare", PIN);
    private final FaultModule cardReader = FaultModule.over(card);
    private final FaultModule spareReader = FaultModule.over(spare);
    private final ScriptedPinentry pinentry =
            ScriptedPinentry.create().always(PinentryAnswer.pin(card.pin())).alwaysConfirm(PinentryAnswer.ok());
    private DaemonFixture daemon;

    @BeforeEach
    void start() throws Exception {
        var certificate = ca.mail(TestKey.RSA_2048_A.publicKey(), "alice@example.org");
        card.importCertificate(card.importKey(TestKey.RSA_2048_A), certificate);
        spare.importCertificate(spare.importKey(TestKey.RSA_2048_A), certificate);
        Files.writeString(directory.resolve("alice.pem"), TestCa.pem(certificate));
        Files.writeString(directory.resolve("mail"), "The cake is in the fridge.\n");
        Process openssl = new ProcessBuilder(
                        "openssl", "cms", "-encrypt", "-aes-256-cbc", "-in", "mail", "-out", "secret.eml", "alice.pem")
                .directory(directory.toFile())
                .inheritIO()
                .start();
        assertThat(openssl.waitFor()).isZero();
        daemon = DaemonFixture.builder()
                .module(cardReader)
                .module(spareReader)
                .pinentry(pinentry)
                .start();
    }

    @AfterEach
    void stop() {
        daemon.close();
        pinentry.close();
        cardReader.close();
        spareReader.close();
        card.close();
        spare.close();
    }

    private CommandResult decrypt() {
        return daemon.tokenctl(
                "smime", "decrypt", "--explain", directory.resolve("secret.eml").toString());
    }

    private void decrypts() {
        CommandResult result = decrypt();
        assertThat(result.status()).as(result.errors()).isZero();
        assertThat(result.output()).contains("The cake is in the fridge.");
    }

    private void awaitState(SoftHsmToken token, boolean present) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> daemon.tokenctl("tokens")
                                .output()
                                .lines()
                                .filter(line -> line.contains(token.serial()))
                                .allMatch(line ->
                                        line.toLowerCase(java.util.Locale.ROOT).contains("absent"))
                        != present);
    }

    @Test
    @DisplayName(
            "is one key to those who use it: whichever is there decrypts, and one prompt names the one that is used")
    void whicheverIsThere() {
        decrypts();
        decrypts();
        assertThat(pinentry.prompts()).hasSize(1);
        String first = pinentry.prompts().getFirst().description();
        assertThat(first.contains("card") ^ first.contains("spare")).as(first).isTrue();
        assertThat(decrypt().errors()).contains("which is on 2 tokens");

        boolean cardWasUsed = first.contains("card");
        (cardWasUsed ? cardReader : spareReader).remove();
        awaitState(cardWasUsed ? card : spare, false);
        decrypts();
        assertThat(pinentry.prompts()).hasSize(2);
        assertThat(pinentry.prompts().getLast().description())
                .contains(cardWasUsed ? "spare" : "card")
                .doesNotContain(cardWasUsed ? "card" : "spare");
        decrypts();

        (cardWasUsed ? spareReader : cardReader).remove();
        awaitState(cardWasUsed ? spare : card, false);
        CommandResult none = decrypt();
        assertThat(none.status()).isNotZero();
        assertThat(none.errors()).contains("insert");
        assertThat(pinentry.prompts()).hasSize(2);
    }

    @Test
    @DisplayName("is two to those who change it: which of the copies is meant has to be said")
    void changed() {
        String label = TestKey.RSA_2048_A.defaultLabel();
        CommandResult which = daemon.tokenctl("key", "delete", label, "--yes");
        assertThat(which.status()).isEqualTo(64);
        assertThat(which.errors())
                .contains("is on more than one token")
                .contains("token=card")
                .contains("token=spare");
        CommandResult one = daemon.tokenctl("key", "delete", "pkcs11:token=spare;object=" + label, "--yes");
        assertThat(one.status()).as(one.errors()).isZero();
        assertThat(daemon.tokenctl("keys").output()).contains("card ").doesNotContain("spare");
        decrypts();
    }
}
