package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.client.TokenClient;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.KeyImport;
import org.tokend.fixtures.softhsm.SoftHsmToken;

@Timeout(180)
@DisplayName("A token with thousands of keys")
class ThousandsOfKeysIT {
    private static final int KEYS = 1_500;

    private static void importKeys(SoftHsmToken token) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        List<KeyImport> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            keys.add(KeyImport.of(generator.generateKeyPair(), "key-" + i));
        }
        token.importKeys(keys);
    }

    @Test
    @DisplayName(
            "Three hundred programs ask for all keys and do not read the answer: it takes no memory, and others are served")
    void listedToNobody() throws Exception {
        try (SoftHsmToken token = SoftHsmToken.create("many");
                ScriptedPinentry pinentry = ScriptedPinentry.create()) {
            importKeys(token);
            pinentry.always(PinentryAnswer.pin(token.pin()));
            try (DaemonFixture daemon = DaemonFixture.builder()
                            .token(token)
                            .pinentry(pinentry)
                            .daemon("max-connections", "400")
                            .daemon("max-connections-per-program", "400")
                            .daemon("write-timeout", "\"1m\"")
                            .start();
                    TokenClient client = TokenClient.open(daemon.socket())) {
                assertThat(client.listKeys(null)).hasSize(KEYS);
                List<RawConnection> asking = new ArrayList<>();
                try {
                    for (int i = 0; i < 300; i++) {
                        asking.add(new RawConnection(daemon.socket())
                                .send("{\"method\":\"org.tokend.Token.ListKeys\"}\0"));
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
    }
}
