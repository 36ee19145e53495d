package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.client.TokenClient;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.fault.CryptokiFunction;
import org.tokend.fixtures.fault.Fault;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Sign;

@Timeout(120)
@DisplayName("Beside a sound token there is one that says what it likes:")
class HostileTokenIT {
    private static final int CKA_LABEL = 3;
    private static final int CKA_VALUE = 0x11;
    private static final int KEYS = 20;

    private UnattendedToken sound;
    private UnattendedToken hostile;
    private DaemonFixture daemon;

    @BeforeEach
    void create() throws Exception {
        sound = UnattendedToken.create("sound");
        hostile = UnattendedToken.create("hostile");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        TestCa ca = TestCa.create();
        for (int i = 0; i < KEYS; i++) {
            KeyPair pair = generator.generateKeyPair();
            hostile.token()
                    .importCertificate(
                            hostile.token().importKey(pair, "key-" + i), ca.mail(pair.getPublic(), i + "@example.org"));
        }
        DaemonFixture.Builder builder = DaemonFixture.builder();
        sound.addTo(builder);
        hostile.addTo(builder);
        daemon = builder.create();
    }

    @AfterEach
    void end() {
        daemon.close();
        hostile.close();
        sound.close();
    }

    private void signs(UnattendedToken token) {
        try (TokenClient client = TokenClient.open(daemon.socket())) {
            assertThat(client.sign(
                            new Sign(token.key(), Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, new byte[32], "a test")))
                    .isNotEmpty();
        }
    }

    /** The other token is refused for what it says, the sound one is used all the while, and nothing has to be started again. */
    private void refused(CryptokiFunction function, Fault fault) {
        hostile.faults().onEach(function, fault);
        daemon.restart();
        long pid = daemon.pid();

        CommandResult unlock = daemon.tokenctl("unlock", "pkcs11:token=hostile");
        assertThat(unlock.status()).isNotZero();
        assertThat(unlock.errors())
                .contains("The token pkcs11:token=hostile", "says that it holds more than", "than there is memory for");
        CommandResult keys = daemon.tokenctl("keys");
        assertThat(keys.status()).as(keys.errors()).isZero();
        assertThat(keys.output()).contains("sound-key");
        assertThat(keys.errors()).contains("hostile: The token pkcs11:token=hostile", "says that it holds more than");
        signs(sound);
        assertThat(daemon.tokenctl("tokens").output())
                .contains("hostile: The token pkcs11:token=hostile", "says that it holds more than");
        assertThat(daemon.log().lines().filter(line -> line.contains("token=unreadable")))
                .as("before the login, after it, and not at each look")
                .hasSizeBetween(1, 2);

        hostile.faults().clear();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> daemon.tokenctl("unlock", "pkcs11:token=hostile").status() == 0);
        signs(hostile);
        signs(sound);
        assertThat(daemon.isAlive()).isTrue();
        assertThat(daemon.pid()).isEqualTo(pid);
    }

    @Test
    @DisplayName("objects without end")
    void withoutEnd() {
        refused(CryptokiFunction.C_FIND_OBJECTS, Fault.findsWithoutEnd());
    }

    @Test
    @DisplayName("certificates of 4 MiB")
    void giantCertificates() {
        refused(CryptokiFunction.C_GET_ATTRIBUTE_VALUE, Fault.bloats(CKA_VALUE, 4 << 20));
    }

    /** All keys are listed, whatever each of them says, and the sound one is used. */
    private String listed(Fault fault) {
        hostile.faults().onEach(CryptokiFunction.C_GET_ATTRIBUTE_VALUE, fault);
        daemon.restart();
        CommandResult keys = daemon.tokenctl("keys");
        assertThat(keys.status()).as(keys.errors()).isZero();
        assertThat(keys.output().lines()).hasSize(KEYS + 2);
        assertThat(keys.output()).contains("sound-key");
        signs(sound);
        return keys.output();
    }

    @Test
    @DisplayName("labels of 3,000 bytes, of which the beginning is shown, and all keys are listed")
    void longLabels() {
        assertThat(listed(Fault.bloats(CKA_LABEL, 3_000)))
                .contains("x".repeat(256))
                .doesNotContain("x".repeat(257));
    }

    @Test
    @DisplayName("certificates of 100,000 bytes, which are left out, and all keys are listed")
    void longCertificates() {
        listed(Fault.bloats(CKA_VALUE, 100_000));
        assertThat(daemon.log()).contains("it is longer than 65536 bytes");
    }
}
