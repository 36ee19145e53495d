package org.tokend.pkcs11.cryptoki;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link Cryptoki} must do, shown on a real SoftHSM. An implementation gives its instance and what it lacks. */
public interface CryptokiContract {

    /** The implementation under test, over a module whose only initialised token is a {@link SoftHsm}. */
    Cryptoki cryptoki();

    /** The C functions that it answers with CKR_FUNCTION_NOT_SUPPORTED. */
    default Set<String> lacking() {
        return Set.of();
    }

    @DisplayName("says who made the module")
    @Test
    default void info() throws CryptokiException {
        ModuleInfo info = cryptoki().getInfo();
        assertThat(info.manufacturer()).isEqualTo("SoftHSM");
        assertThat(info.libraryDescription()).isEqualTo("Implementation of PKCS11");
        assertThat(info.cryptokiVersion().major()).isEqualTo(2);
    }

    @DisplayName("finds the token by its trimmed label")
    @Test
    default void token() throws CryptokiException {
        TokenInfo info = cryptoki().getTokenInfo(TestSession.slot(cryptoki()));
        assertThat(info.label()).isEqualTo(SoftHsm.LABEL);
        assertThat(info.model()).isEqualTo("SoftHSM v2");
        assertThat(info.serial()).hasSize(16);
        assertThat(info.flags() & CKF.TOKEN_INITIALIZED).isNotZero();
    }

    @DisplayName("signs with a generated RSA key after login")
    @Test
    default void rsa() throws CryptokiException {
        try (TestSession session = TestSession.loggedIn(cryptoki())) {
            KeyPairHandles pair = cryptoki()
                    .generateKeyPair(
                            session.handle(),
                            Mechanism.of(CKM.RSA_PKCS_KEY_PAIR_GEN),
                            List.of(
                                    Attribute.of(CKA.TOKEN, false),
                                    Attribute.of(CKA.LABEL, "k".getBytes(StandardCharsets.UTF_8)),
                                    Attribute.of(CKA.VERIFY, true),
                                    Attribute.of(CKA.MODULUS_BITS, 2048),
                                    Attribute.of(CKA.PUBLIC_EXPONENT, new byte[] {1, 0, 1})),
                            List.of(
                                    Attribute.of(CKA.TOKEN, false),
                                    Attribute.of(CKA.PRIVATE, true),
                                    Attribute.of(CKA.SIGN, true)));
            Mechanism pss = new Mechanism(CKM.SHA256_RSA_PKCS_PSS, new Mechanism.Pss(CKM.SHA256, CKG.MGF1_SHA256, 32));
            byte[] signature = cryptoki().signOnce(session.handle(), pss, pair.privateKey(), new byte[10]);
            assertThat(signature).hasSize(256);
            AttributeValues values = cryptoki()
                    .getAttributeValue(
                            session.handle(),
                            pair.privateKey(),
                            CKA.MODULUS,
                            CKA.PRIVATE_EXPONENT,
                            CKA.CLASS,
                            CKA.SIGN,
                            0x80000001L);
            cryptoki().verifyInit(session.handle(), pss, pair.publicKey());
            cryptoki().verify(session.handle(), new byte[10], signature);
        }
    }
}
