package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.Signature;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.provision.KeyExtraction;
import org.tokend.pkcs11.provision.KeyPairs;

@DisplayName("The copy of a key that a token gives away")
class KeyExtractionTest {
    private SoftHsmRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = SoftHsmRig.on(SoftHsmToken.create());
        rig.login();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048_A, SHA256withRSA",
        "RSA_3072, SHA256withRSA",
        "P256_A, SHA256withECDSA",
        "P384, SHA384withECDSA",
        "P521, SHA512withECDSA"
    })
    @DisplayName("is the key that was put on it")
    void copy(TestKey key, String algorithm) throws Exception {
        KeyDescriptor stored = new KeyPairs(rig.token())
                .store(key.privateKey(), key.publicKey().getEncoded(), "moving", true);

        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(new KeyExtraction(rig.token()).extract(stored));
        signer.update(new byte[] {1, 2, 3});
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(key.publicKey());
        verifier.update(new byte[] {1, 2, 3});
        assertThat(verifier.verify(signer.sign())).isTrue();
    }

    @Test
    @DisplayName("is refused in the token's words where it cannot be wrapped")
    void notWrappable() throws Exception {
        TestKey key = TestKey.ED25519;
        KeyDescriptor stored = new KeyPairs(rig.token())
                .store(key.privateKey(), key.publicKey().getEncoded(), "staying", true);

        assertThatThrownBy(() -> new KeyExtraction(rig.token()).extract(stored))
                .isInstanceOf(TokenException.Failed.class)
                .hasMessageContaining("CKR_KEY_NOT_WRAPPABLE");
    }
}
