package org.tokend.daemon.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.daemon.access.KeyName;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyDescriptor;

class KnownKeysTest {
    private final SoftwareToken token = new SoftwareToken("t");
    private final KeyDescriptor mail = token.add(TestKey.P256_A, "mail");
    private final KeyDescriptor web = token.add(TestKey.P256_B, "web");
    private final KeyDescriptor otherWeb = token.add(TestKey.P384, "web");
    private final KnownKeys keys = new KnownKeys(List.of(mail, web, otherWeb));

    private static KeyName name(String text) throws Exception {
        return KeyName.parse(text);
    }

    @Test
    @DisplayName("A URI finds all keys that fit it, however often it is asked for")
    void uri() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(keys.named(name("pkcs11:token=t;object=web"))).containsExactly(web, otherWeb);
            assertThat(keys.named(name("pkcs11:token=t;id=%02"))).containsExactly(otherWeb);
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
        KeyDescriptor unknown = token.add(TestKey.P521, "mail");
        assertThat(keys.named(name(unknown.fingerprint().toString()))).isEmpty();
    }
}
