package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.KeyImport;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.TokenException;

@DisplayName("The certificate of key B under the CKA_ID of key A")
class ForeignCertificateTest {

    @DisplayName("does not make A look like B when no public key objects tell the two apart")
    @Test
    void noPublicKeyObjects() throws Exception {
        SoftHsmToken hsm = SoftHsmToken.create();
        hsm.importKey(KeyImport.of(TestKey.P256_A.keyPair(), "a").withId("0a").withoutPublicKeyObject());
        hsm.importKey(KeyImport.of(TestKey.P256_B.keyPair(), "b").withId("0b").withoutPublicKeyObject());
        var certificate = TestCa.create().mail(TestKey.P256_B.publicKey(), "b@example.org");
        hsm.importCertificate(certificate, "a", new byte[] {0x0a});
        hsm.importCertificate(certificate, "b", new byte[] {0x0b});
        try (SoftHsmRig rig = SoftHsmRig.on(hsm)) {
            rig.login();
            KeyDescriptor b = rig.key("b");
            assertThat(b.fingerprint())
                    .isEqualTo(KeyFingerprint.of(TestKey.P256_B.publicKey().getEncoded()));
            assertThat(b.problem()).isNull();
            rig.token().provePossession(b, null);

            KeyDescriptor a = rig.key("a");
            assertThat(a.fingerprint()).isNotEqualTo(b.fingerprint());
            assertThat(a.problem())
                    .contains("CKA_ID 0a")
                    .contains(b.fingerprint().toString());
            assertThatThrownBy(() -> rig.token().provePossession(a, null))
                    .isInstanceOf(TokenException.KeyMismatch.class);
            assertThat(List.of(a, b))
                    .containsExactlyInAnyOrderElementsOf(rig.token().keys());
        }
    }
}
