package org.tokend.daemon.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.daemon.access.KeyName;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.TokenIdentity;

class KnownKeysTest {
    private static final TokenIdentity TOKEN = new TokenIdentity("t", "m", "x", "1");

    private final KeyDescriptor mail = key(1, "mail");
    private final KeyDescriptor web = key(2, "web");
    private final KeyDescriptor otherWeb = key(3, "web");
    private final KnownKeys keys = new KnownKeys(List.of(mail, web, otherWeb));

    private static KeyDescriptor key(int number, String label) {
        byte[] id = {(byte) number};
        return new KeyDescriptor(
                TOKEN,
                KeyFingerprint.of(id),
                KeyType.P256,
                256,
                id,
                label,
                id,
                List.of(),
                List.of(),
                EnumSet.of(KeyAlgorithm.ECDSA_SHA256),
                false,
                true,
                null);
    }

    private static KeyName name(String text) throws Exception {
        return KeyName.parse(text);
    }

    @Test
    @DisplayName("A URI finds all keys that fit it, however often it is asked for")
    void uri() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(keys.named(name("pkcs11:token=t;object=web"))).containsExactly(web, otherWeb);
            assertThat(keys.named(name("pkcs11:token=t;id=%03"))).containsExactly(otherWeb);
            assertThat(keys.named(name("pkcs11:token=t"))).containsExactly(mail, web, otherWeb);
            assertThat(keys.named(name("pkcs11:token=another;object=web"))).isEmpty();
            assertThat(keys.named(name("pkcs11:object=web;vendor=unknown"))).isEmpty();
        }
    }

    @Test
    @DisplayName("What has been found is not looked for again")
    void found() throws Exception {
        List<KeyDescriptor> first = keys.named(name("pkcs11:object=mail"));
        assertThat(keys.named(name("pkcs11:object=mail"))).isSameAs(first);
    }

    @Test
    @DisplayName("A fingerprint finds its key")
    void fingerprint() throws Exception {
        assertThat(keys.named(name(mail.fingerprint().toString()))).containsExactly(mail);
        assertThat(keys.named(name(key(4, "mail").fingerprint().toString()))).isEmpty();
    }
}
